"""The GitHub workflows and the action are valid, and the linter would notice if they were not."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.y*ml"))
EXAMPLES = sorted((ROOT / "docs/ci").glob("*.yml"))
ACTION = ROOT / "action.yml"


def lint(*paths: Path, schema: str = "vendor.github-workflows") -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    command = [*program, schema, *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_project_has_workflows_and_examples_and_all_are_valid():
    assert WORKFLOWS
    assert EXAMPLES
    result = lint(*WORKFLOWS, *EXAMPLES)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_linter_refuses_a_job_without_a_machine(tmp_path):
    broken = tmp_path / "broken.yml"
    broken.write_text("on: push\njobs:\n  test:\n    steps:\n      - run: make test\n")
    result = lint(broken)
    assert result.returncode == 1, "a job without `runs-on` was accepted"


def test_the_action_is_valid_and_the_linter_refuses_a_step_without_a_shell(tmp_path):
    result = lint(ACTION, schema="vendor.github-actions")
    assert result.returncode == 0, result.stdout + result.stderr
    broken = tmp_path / "action.yml"
    broken.write_text(ACTION.read_text().replace("      shell: bash\n", ""))
    assert lint(broken, schema="vendor.github-actions").returncode == 1


@pytest.mark.parametrize("path", [*WORKFLOWS, *EXAMPLES], ids=lambda path: path.name)
def test_workflows_ask_for_no_more_than_reading_and_have_time_limits(path):
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"]["contents"] == "read"
    assert set(workflow["permissions"].values()) == {"read"}
    for name, job in workflow["jobs"].items():
        assert "timeout-minutes" in job, f"{path.name}: job {name} has no time limit"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_use_inputs_and_outputs_that_the_action_has(path):
    action = yaml.safe_load(ACTION.read_text())
    (job,) = yaml.safe_load(path.read_text())["jobs"].values()
    (step,) = [s for s in job["steps"] if s["uses"].startswith("OWNER/firsthand@")]
    assert set(step["with"]) <= set(action["inputs"])
    required = {name for name, value in action["inputs"].items() if value.get("required")}
    assert required <= set(step["with"])
    used = re.findall(rf"steps\.{step['id']}\.outputs\.([\w-]+)", path.read_text())
    assert set(used) <= set(action["outputs"])


@pytest.mark.parametrize("path", [ACTION, *EXAMPLES], ids=lambda path: path.name)
def test_no_script_has_an_expression_pasted_into_it(path):
    table = yaml.safe_load(path.read_text())
    jobs = table["jobs"].values() if "jobs" in table else [table["runs"]]
    scripts = [step.get("run", "") for job in jobs for step in job["steps"]]
    assert not [s for s in scripts if "${{" in s], "hand it on in `env`: it may hold shell code"


def test_classrooms_example_has_the_names_that_the_reporter_asks_for():
    workflow = yaml.safe_load((ROOT / "docs/ci/classroom.yml").read_text())
    assert workflow["name"] == "Autograding Tests"
    assert list(workflow["jobs"]) == ["run-autograding-tests"]
    *_, grading, reporter = workflow["jobs"]["run-autograding-tests"]["steps"]
    assert list(reporter["env"]) == [f"{grading['id'].upper()}_RESULTS"]
    assert reporter["with"]["runners"] == grading["id"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_run_only_targets_that_the_makefile_has(path):
    makefile = (ROOT / "Makefile").read_text()
    for job in yaml.safe_load(path.read_text())["jobs"].values():
        for step in job["steps"]:
            for word in [w.split()[0] for w in step.get("run", "").split("make ")[1:]]:
                assert f"\n{word}:" in makefile, f"{path.name} runs `make {word}`"


def test_the_ci_job_runs_make_test():
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & 0o100, ".ci/run is not executable"
    assert "make test" in script.read_text()
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
