"""``onboarding ci``: what is written passes the linters of others, and its scripts do what they say when they run."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import partners
import pytest
from check_jsonschema.cli import main as check_jsonschema
from click.testing import CliRunner
from commands import Command
from launching import read, write
from ruamel.yaml import YAML
from running import environment

from certification.onboarding.workflows import WHERE, gitlab_comment, workflow
from certification.run.reference_process import ReferencePartner

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not on this machine")
needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not on this machine")
FEW = "--certification-profile=quick -k 'P100 or P800'"
WAIVER = {
    "id": "W1", "requirement": "answers-steady", "operation": "connect", "reason": "Known, repaired in May.", "until": "2026-06-30",
    "asked": {"by": "Ann Lee", "organisation": "Acorn", "on": "2026-01-02"},
    "approved": {"by": "Kim Roe", "organisation": "Databricks", "on": "2026-01-03"},
}  # fmt: skip
MARK = "<!-- partner-connect-certification -->"


def actionlint() -> str | None:
    """Where the linter is: on the path, or where Go puts what it installs."""
    found = shutil.which("actionlint")
    if found is None and shutil.which("go"):
        said = subprocess.run(["go", "env", "GOPATH"], capture_output=True, text=True, check=False).stdout.strip()
        found = shutil.which("actionlint", path=str(Path(said, "bin")))
    return found or shutil.which("actionlint", path=str(Path.home() / "go" / "bin"))


@pytest.fixture
def begun(command: Command, tmp_path: Path) -> Path:
    write(tmp_path / "onboarding.json", {"format": 1, "partner": "Acorn"})
    return tmp_path


def text_for(host: str) -> str:
    return workflow(host, "config/partner.json", "onboarding.json", WHERE[host])


def parsed(host: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(io.StringIO(text_for(host)))
    return found


def github_steps(job: str) -> dict[str, dict[str, Any]]:
    return {step.get("name", step.get("uses")): step for step in parsed("github")["jobs"][job]["steps"]}


@pytest.mark.skipif(actionlint() is None, reason="actionlint is not on this machine")
def test_the_linter_for_workflows_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / WHERE["github"]
    path.parent.mkdir(parents=True)
    path.write_text(text_for("github"))
    linter = actionlint()
    done = subprocess.run([linter, path], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.stdout, done.returncode) == ("", 0)
    # It would find something.
    path.write_text(text_for("github").replace("needs.certify.outputs.comment", "needs.certify.outputs.coment"))
    assert subprocess.run([linter, path], capture_output=True, check=False, cwd=tmp_path).returncode == 1


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_the_schema_of_the_host_allows_it(host: str, tmp_path: Path) -> None:
    schema = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}[host]
    path = tmp_path / "workflow.yml"
    outcomes = []
    for text in (text_for(host), text_for(host).replace("timeout", "tmeout").replace("script:", "scrpt:")):
        path.write_text(text)
        more = ["--data-transform", "gitlab-ci"] if host == "gitlab" else []
        outcomes.append(CliRunner().invoke(check_jsonschema, ["--builtin-schema", schema, *more, str(path)]).exit_code)
    assert outcomes == [0, 1]


def test_a_workflow_may_do_no_more_than_it_needs() -> None:
    text, found = text_for("github"), parsed("github")
    assert found["permissions"] == {}
    jobs = found["jobs"]
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "certify": {"contents": "read"},
        "comment": {"pull-requests": "write"},
    }
    uses = re.findall(r"uses: (\S+)(.*)", text)
    assert len(uses) == 3
    assert all(
        re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name) and re.fullmatch(r" # v\d+\.\d+\.\d+", tag)
        for name, tag in uses
    )
    for job in jobs.values():
        for step in job["steps"]:
            # What somebody else wrote reaches no script but through its environment.
            assert "${{" not in step.get("run", "")
            assert not ("secrets." in str(step) and "GH_TOKEN" in str(step))
    assert [step.get("name") for step in jobs["certify"]["steps"] if "secrets." in str(step)] == ["Certify and compare"]
    assert not any("uses" in step or "secrets." in str(step) for step in jobs["comment"]["steps"])
    assert github_steps("certify")["actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683"]["with"] == {
        "persist-credentials": False
    }


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_it_runs_on_a_schedule_and_on_a_change_of_the_config(host: str) -> None:
    paths = ["config/partner.json", "onboarding.json", WHERE[host]]
    found = parsed(host)
    if host == "github":
        # YAML 1.1 reads the key as true; hosts and this reader do not.
        when = found["on"]
        assert list(when) == ["schedule", "push", "pull_request", "workflow_dispatch"]
        assert (when["push"]["paths"], when["pull_request"]["paths"]) == (paths, paths)
    else:
        rules = found["partner-connect-certify"]["rules"]
        assert [rule.get("changes") for rule in rules] == [None, paths, paths, None]
        assert "schedule" in rules[0]["if"]


# The scripts, as a runner runs them


@pytest.fixture
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Commands that the package would have installed, and one that plays GitHub's."""
    folder = tmp_path_factory.mktemp("bin")
    commands = {
        "python": f'exec {sys.executable} "$@"',
        "partner-connect": f'exec {sys.executable} -m certification "$@"',
        "gh": 'printf "%s\\n" "$*" >> "$GH_CALLS"\n'
        'case "$*" in\n'
        '  *--jq*) eval "jq -r \\"\\${$#}\\"" < "$GH_COMMENTS" ;;\n'
        '  *) cat comment.md > "$GH_CALLS.body" ;;\n'
        "esac",
    }
    for name, text in commands.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return folder


def ran(script: str, folder: Path, tools: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    known = {"BASIC_USER": partners.USER, "BASIC_PASSWORD": partners.PASSWORD, "PYTEST_ADDOPTS": FEW}
    path = os.pathsep.join([str(tools), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=environment({**known, **variables, "PATH": path}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def certified(folder: Path, tools: Path, **variables: str) -> tuple[dict[str, str], str]:
    """Run the steps of the job that certifies; returns its outputs, and what the last step said."""
    steps = github_steps("certify")
    output, summary = folder / "output", folder / "step-summary.md"
    more = {"CONFIG": "partner.json", "ONBOARDING": "onboarding.json", **variables}
    done = ran(
        steps["Certify and compare"]["run"], folder, tools,
        GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary), **more,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Compared with" in summary.read_text() or "was not compared" in summary.read_text()
    text = output.read_text()
    outcome, name, end = re.match(r"outcome=(\d+)\n(\w+)<<([0-9a-f]{32})\n", text).groups()  # type: ignore[union-attr]
    assert (name, text.count(end)) == ("comment", 2)
    last = ran(steps["Fail when something broke"]["run"], folder, tools, OUTCOME=outcome)
    comment = text.partition(f"<<{end}\n")[2].removesuffix(f"\n{end}\n")
    return {"outcome": outcome, "comment": comment, "status": str(last.returncode)}, last.stdout


@needs_bash
def test_nothing_broke(launched: Path, tools: Path) -> None:
    # Settings of the project's own tests do not reach in.
    (launched / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (launched / "conftest.py").write_text("raise SystemExit('mine')\n")
    found, said = certified(launched, tools, PARTNER_URL="reference")
    assert (found["outcome"], found["status"]) == ("0", "0")
    assert said == "Nothing broke since the certificate of record.\n"
    assert found["comment"].startswith(f"{MARK}\n## Partner Connect certification: ")
    assert "### Compared with the certificate of record\n\n**no regression: 0 fixed" in found["comment"]


@needs_bash
def test_what_could_not_start_is_a_warning(launched: Path, tools: Path) -> None:
    python = tools / "python"
    text = python.read_text()
    python.write_text(text.replace("exec", 'case "$*" in *pytest*) echo "$*" > pytest-call; exit 4 ;; esac\nexec'))
    write(launched / "onboarding.json", {**read(launched / "onboarding.json"), "waivers": [WAIVER]})
    found, said = certified(launched, tools)
    python.write_text(text)
    assert (found["outcome"], found["status"]) == ("4", "0")
    assert said.startswith("::warning::Nothing was compared")
    assert "The run was not compared with the certificate of record" in found["comment"]
    # Without PARTNER_URL the base_url of the config is certified; waivers go along where there are some.
    call = (launched / "pytest-call").read_text()
    assert "--partner-url" not in call
    assert call.endswith("--certification-waivers=onboarding.json\n")


@needs_bash
def test_what_broke_fails_the_job(launched: Path, tools: Path, broken_partner: ReferencePartner) -> None:
    job = parsed("gitlab")["partner-connect-certify"]
    script = job["script"][-1]
    certify = github_steps("certify")["Certify and compare"]["run"]
    assert script.rpartition("cat comparison.md\n")[0] == certify.rpartition("cat comparison.md >>")[0]
    variables = {**job["variables"], "CONFIG": "partner.json", "PARTNER_URL": broken_partner.url}
    done = ran(script, launched, tools, **variables)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Something broke since the certificate of record: see the report." in done.stdout
    assert re.search(r"^- P800: .* \(partner\)$", (launched / "comment.md").read_text(), re.MULTILINE)
    failed = ran(github_steps("certify")["Fail when something broke"]["run"], launched, tools, OUTCOME="1")
    assert failed.returncode == 1
    assert all((launched / path).exists() for path in job["artifacts"]["paths"])


@needs_bash
@needs_jq
@pytest.mark.parametrize(
    ("comments", "call"),
    [
        ([{"id": 1, "user": {"login": "ann"}, "body": f"{MARK}\nnot ours"}], "--method POST repos/acorn/bi/issues/7/comments"),
        (
            [
                {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "of another workflow"},
                {"id": 3, "user": {"login": "github-actions[bot]"}, "body": f"{MARK}\nearlier"},
            ],
            "--method PATCH repos/acorn/bi/issues/comments/3",
        ),
    ],
    ids=["new", "again"],
)  # fmt: skip
def test_the_pull_request_has_one_comment(comments: list[Any], call: str, tmp_path: Path, tools: Path) -> None:
    write(tmp_path / "comments.json", comments)
    hostile = f'{MARK}\n$(touch hacked) `touch hacked` "; touch hacked #\nÄ'
    done = ran(
        github_steps("comment")["Comment on the pull request"]["run"], tmp_path, tools,
        REPOSITORY="acorn/bi", NUMBER="7", COMMENT=hostile, GH_TOKEN="t",
        GH_CALLS=str(tmp_path / "calls"), GH_COMMENTS=str(tmp_path / "comments.json"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    listed, written = (tmp_path / "calls").read_text().splitlines()
    assert "--paginate repos/acorn/bi/issues/7/comments" in listed
    assert written == f"api --silent {call} -F body=@comment.md"
    assert (tmp_path / "calls.body").read_text() == f"{hostile}\n"
    assert not (tmp_path / "hacked").exists()


class GitLab(BaseHTTPRequestHandler):
    """The notes of a merge request."""

    notes: ClassVar[list[dict[str, Any]]] = []
    written: ClassVar[list[tuple[str, str, str]]] = []

    def answer(self, value: Any) -> None:
        assert self.headers["PRIVATE-TOKEN"] == "token"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def do_GET(self) -> None:
        page = int((re.findall(r"page=(\d+)$", self.path) or ["1"])[0])
        user = self.path == "/api/v4/user"
        self.answer({"id": 9} if user else self.notes[(page - 1) * 100 : page * 100])

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        self.written.append((self.command, self.path, body))
        self.answer({"id": 1})

    def do_PUT(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gitlab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[GitLab]]:
    server = HTTPServer(("127.0.0.1", 0), GitLab)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("CI_API_V4_URL", f"http://127.0.0.1:{server.server_port}/api/v4")
    for name, value in {
        "CI_PROJECT_ID": "5",
        "CI_MERGE_REQUEST_IID": "7",
        "PARTNER_CONNECT_COMMENT_TOKEN": "token",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    GitLab.notes, GitLab.written = [], []
    yield GitLab
    server.shutdown()
    thread.join()
    server.server_close()


def note(number: int, body: str, author: int = 9) -> dict[str, Any]:
    return {"id": number, "author": {"id": author}, "body": body}


def test_the_merge_request_has_one_note(gitlab: type[GitLab], tmp_path: Path) -> None:
    (tmp_path / "comment.md").write_text(f"{MARK}\nÄ")
    notes = "/api/v4/projects/5/merge_requests/7/notes"
    gitlab.notes = [note(1, f"{MARK}\nsomebody's", author=3), note(2, "ours, but another")]
    gitlab_comment.main()
    gitlab.notes = [*(note(number, "x") for number in range(100)), note(200, f"{MARK}\nearlier")]
    gitlab_comment.main()
    assert gitlab.written == [("POST", notes, f"{MARK}\nÄ"), ("PUT", f"{notes}/200", f"{MARK}\nÄ")]


def test_the_job_runs_the_text_that_is_tested() -> None:
    script = parsed("gitlab")["partner-connect-comment"]["script"][0]
    begin, text = script.split("\n", 1)
    assert begin == "python - <<'END_OF_SCRIPT'"
    own = Path(gitlab_comment.__file__).read_text()
    assert text.removesuffix("END_OF_SCRIPT\n") == own


# The command


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_the_file_is_written_where_the_host_looks_and_never_over_another(
    host: str, begun: Path, command: Command
) -> None:
    said = command("onboarding", "ci", f"--{host}")
    assert said.status == 0, said.text
    assert "BASIC_USER and BASIC_PASSWORD" in " ".join(said.out.split())
    assert "Nothing is compared until a certificate is recorded" in " ".join(said.out.split())
    path = begun / WHERE[host]
    assert path.read_text() == workflow(host, "partner.json", "onboarding.json", WHERE[host])
    path.write_text("mine")
    again = command("onboarding", "ci", f"--{host}")
    assert (again.status, path.read_text()) == (4, "mine")
    assert "the file exists and is kept" in again.err
    assert command("onboarding", "ci", f"--{host}", "--force").status == 0
    assert path.read_text() != "mine"


def test_it_can_be_printed(begun: Path, command: Command) -> None:
    said = command("onboarding", "ci", "--gitlab", "-o", "-")
    assert said.out == workflow("gitlab", "partner.json", "onboarding.json", WHERE["gitlab"])
    assert [path.name for path in begun.iterdir()] == ["onboarding.json"]


@pytest.mark.parametrize("target", ["../out.yml", "/tmp/out.yml", "a b.yml", "$(x).yml", "**.yml"])
def test_a_path_that_means_something_else_is_refused(target: str, begun: Path, command: Command) -> None:
    said = command("onboarding", "ci", "--github", "-o", target)
    assert said.status == 4
    assert "this is no plain path below the root of a repository." in said.err


def test_one_host_is_named(begun: Path, command: Command) -> None:
    assert command("onboarding", "ci").status == 2
    assert command("onboarding", "ci", "--github", "--gitlab").status == 2
