"""nbgrader's configuration of this course: the repository root is an ordinary nbgrader course.

The executed notebooks in `solutions/` are nbgrader's source, and `exercises/` is its release
directory; `firsthand dev build` writes both, and `nbgrader generate_assignment` gives the same.
"""

from firsthand.gradebook.configuration import configure

c = get_config()  # nbgrader defines it

configure(c)  # the stubs, the steps of `nbgrader autograde`, the pages
c.CourseDirectory.course_id = "firsthand"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.GenerateAssignment.post_convert_hook = "firsthand.gradebook.restore_visible_tests"
