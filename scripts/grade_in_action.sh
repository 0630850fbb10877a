#!/usr/bin/env bash
# The grading step of action.yml: one notebook of the workspace, with the course in COURSE.
#
# COURSE, UNIT, SUBMISSION           required
# MIN_SCORE, COURSE_KEY, ISOLATION   optional
# FIRSTHAND                          the program, by default the one in the course's environment
# Files go to a new folder below RUNNER_TEMP, outputs to GITHUB_OUTPUT, the summary to
# GITHUB_STEP_SUMMARY. The exit code is that of `firsthand grade`.
set -u

firsthand=${FIRSTHAND:-$COURSE/.venv/bin/firsthand}
folder=$(mktemp -d "$RUNNER_TEMP/firsthand-report.XXXXXX") || exit 3
case $SUBMISSION in
  /*) notebook=$SUBMISSION ;;
  *) notebook=$GITHUB_WORKSPACE/$SUBMISSION ;;
esac
if [ -d "$notebook" ]; then
  echo "firsthand: $SUBMISSION is a folder; name the notebook in it." >&2
  exit 2
fi
set -- grade "$notebook" --unit "$UNIT" --json "$folder/report.json" --junit "$folder/junit.xml" \
  --summary "$folder/summary.md" --classroom "$folder/classroom.json"
[ -n "${MIN_SCORE:-}" ] && set -- "$@" --min-score "$MIN_SCORE"
[ -n "${ISOLATION:-}" ] && set -- "$@" --isolation "$ISOLATION"

# The log of a job is read for commands such as "::add-mask::", which submitted code could print.
marker=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$marker"
# A clean environment: no token and no path of a command file reaches the process that grades.
# Started in the course, which is named too: the workspace may be a fork with a course of its own.
cd "$COURSE" && env -i PATH="$PATH" HOME="$HOME" LC_ALL=C.UTF-8 OMP_NUM_THREADS=1 COLUMNS=100 \
  FIRSTHAND_COURSE="$COURSE" ${COURSE_KEY:+FIRSTHAND_COURSE_KEY="$COURSE_KEY"} "$firsthand" "$@"
code=$?
echo "::$marker::"

[ -f "$folder/report.json" ] || exit "$code"
read_report='import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])'
value() { env -i PATH="$PATH" python3 -I -c "$read_report" "$folder/report.json" "$1"; }
{
  echo "score=$(value points)"
  echo "max-score=$(value max_points)"
  echo "isolation=$(value isolation)"
  echo "result=$(base64 <"$folder/classroom.json" | tr -d '\n')"
  echo "report=$folder"
} >>"$GITHUB_OUTPUT"
cat "$folder/summary.md" >>"$GITHUB_STEP_SUMMARY"
exit "$code"
