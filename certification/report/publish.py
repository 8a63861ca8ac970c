"""Write what a run leaves behind, all of it from the one report that the evidence gives."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from certification.evidence.folder import ReportFolder
from certification.evidence.redaction import Redactor
from certification.report.build import build_report


def publish(
    folder: ReportFolder, redactor: Redactor, note: Callable[[str], object] = str, *, announce: bool = True
) -> dict[str, Any]:
    """Build the report from the evidence in ``folder``, write its files (the HTML page apart), and return it.

    ``note`` is told what could not be done though all files are there; without ``announce`` the step summary of a workflow,
    to which each call would add, is left alone.  Raises OSError when a file cannot be written.
    """
    from certification.report.har import write_har
    from certification.report.junit import junit_xml
    from certification.report.markdown import markdown

    report = build_report(folder.path)
    folder.write(folder.json, json.dumps(report, indent=1, ensure_ascii=False) + "\n", redactor)
    folder.write(folder.config, json.dumps(report["config"], indent=2, ensure_ascii=False) + "\n", redactor)
    folder.write(folder.junit, junit_xml(report), redactor)
    text = markdown(report)
    folder.write(folder.markdown, text, redactor)
    write_har(folder.path, folder.har)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and announce:
        try:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(redactor.redact(text, whole_file=True)[0])
        except OSError as error:
            note(
                f"GITHUB_STEP_SUMMARY={summary} cannot be written ({error.strerror}); the summary is in {folder.markdown}."
            )
    return report
