"""Report -> JUnit XML for CI systems: one suite for each submission, one case for each test."""

import xml.etree.ElementTree as ET

from firsthand.render.rows import clean, number
from firsthand.report import ExerciseResult, Report, Status, TestResult


def junit(*reports: Report) -> str:
    """An XML document for one or more reports.

    Hidden tests appear by their sentence, never by their source. A test that is not started is a
    failure, since its points are missing. Rubric exercises are skipped: a person grades them.
    """
    root = ET.Element("testsuites", name="firsthand")
    for report in reports:
        _suite(root, report)
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _suite(root: ET.Element, report: Report) -> None:
    name = f"{report.unit} {report.submission}".strip()
    suite = ET.SubElement(root, "testsuite", name=clean(name), time=f"{report.seconds:.3f}")
    properties = ET.SubElement(suite, "properties")
    for key, value in _properties(report).items():
        ET.SubElement(properties, "property", name=key, value=clean(value))
    if report.rejected:
        name = "the notebook can be read"
        case = ET.SubElement(suite, "testcase", classname=report.unit, name=name)
        ET.SubElement(case, "error", type="rejected", message=clean(report.rejected))
    for result in report.exercises:
        _exercise(suite, report, result)
    cases = list(suite.iter("testcase"))
    suite.set("tests", str(len(cases)))
    for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(kind, str(sum(case.find(tag) is not None for case in cases)))


def _properties(report: Report) -> dict[str, str]:
    return {
        "points": number(report.points),
        "max_points": number(report.max_points),
        "suite_hash": report.suite_hash,
        "isolation": report.isolation,
    }


def _exercise(suite: ET.Element, report: Report, result: ExerciseResult) -> None:
    classname = f"{report.unit}.{clean(result.name)}"
    if result.status is Status.MANUAL:
        case = ET.SubElement(suite, "testcase", classname=classname, name=clean(result.name))
        ET.SubElement(case, "skipped", message="graded by hand")
    for test in result.tests:
        _test(suite, classname, test)


def _test(suite: ET.Element, classname: str, test: TestResult) -> None:
    name, seconds = clean(test.sentence), f"{test.seconds:.3f}"
    case = ET.SubElement(suite, "testcase", classname=classname, name=name, time=seconds)
    if test.status is Status.PASSED:
        return
    tag = "error" if test.status is Status.FAULT else "failure"
    message = clean(test.message) or test.status.value
    element = ET.SubElement(case, tag, type=test.status.value, message=message)
    lines = [clean(test.hint)] if test.hint else []
    if test.line:
        lines.append(clean(f"{test.line.cell}, line {test.line.number}: {test.line.text}"))
    element.text = "\n".join(lines) or None
