"""The dates as a calendar that others can read, and as Markdown that shows what people wrote as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

from icalendar import Calendar

from certification.onboarding.calendar import calendar, dates_as_markdown
from certification.onboarding.record import Launch

TODAY = date(2027, 2, 21)
LAUNCH = Launch(
    date(2027, 2, 20), date(2027, 3, 2), (("eu-west-1", date(2027, 2, 23)), ("us-east-1", date(2027, 3, 1)))
)
HOSTILE = "Äcörn; BI, \\n\nEND:VEVENT\r\n🌰" + "x" * 70


def events(text: str) -> dict[str, tuple[str, date, date]]:
    found = Calendar.from_ical(text).walk("VEVENT")
    return {str(each["uid"]): (str(each["summary"]), each["dtstart"].dt, each["dtend"].dt) for each in found}


def test_another_program_reads_the_same_dates() -> None:
    read = Calendar.from_ical(calendar("Acorn", LAUNCH, TODAY))
    assert read.errors == []
    assert (read["version"], read["prodid"] != "") == ("2.0", True)
    assert [each["dtstamp"].dt for each in read.walk("VEVENT")] == [datetime(2027, 2, 21, tzinfo=UTC)] * 4
    assert sorted(events(calendar("Acorn", LAUNCH, TODAY)).values()) == [
        ("Acorn: generally available in Partner Connect", date(2027, 3, 2), date(2027, 3, 3)),
        ("Acorn: look after the launch", date(2027, 3, 3), date(2027, 3, 4)),
        ("Acorn: roll-out in eu-west-1", date(2027, 2, 23), date(2027, 2, 24)),
        ("Acorn: roll-out in us-east-1", date(2027, 3, 1), date(2027, 3, 2)),
    ]


def test_hostile_names_stay_text() -> None:
    text = calendar(HOSTILE, LAUNCH, TODAY)
    assert len(events(text)) == 4
    summaries = [summary for summary, _, _ in events(text).values()]
    assert all(summary.startswith("Äcörn; BI, \\n END:VEVENT 🌰x") for summary in summaries)


def test_lines_are_folded_between_characters() -> None:
    for name in (HOSTILE, "é" * 100, "🌰" * 100, "a" * 74 + "é"):
        text = calendar(name, LAUNCH, TODAY)
        assert text.endswith("END:VCALENDAR\r\n")
        lines = text.encode().split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert max(map(len, lines)) >= 72
        assert not any(b"\n" in line or b"\r" in line for line in lines)
        for line in lines:
            line.decode()


def test_a_moved_date_is_the_same_event() -> None:
    moved = Launch(LAUNCH.agreed, date(2027, 3, 9), (("eu-west-1", date(2027, 3, 3)),))
    before, after = events(calendar("Acorn", LAUNCH, TODAY)), events(calendar("Acorn", moved, TODAY))
    assert len(before.keys() & after.keys()) == 3
    assert not before.keys() & events(calendar("Oak", LAUNCH, TODAY)).keys()


def test_markdown_shows_dates_in_order_and_names_as_they_are() -> None:
    text = dates_as_markdown("<b>*Acorn*|", Launch(LAUNCH.agreed, LAUNCH.ga, (("a|b", date(2027, 2, 26)),)), ["a *x*"])
    assert text.splitlines() == [
        "# Launch of &#60;b&#62;&#42;Acorn&#42;&#124; in Partner Connect",
        "",
        "| day | weekday | what |",
        "| --- | --- | --- |",
        "| 2027-02-20 | Saturday | GA agreed |",
        "| 2027-02-26 | Friday | roll-out in a&#124;b |",
        "| 2027-03-01 | Monday | roll-out complete, at the latest |",
        "| 2027-03-02 | Tuesday | generally available (GA) |",
        "",
        "Better avoided:",
        "",
        "- a &#42;x&#42;",
    ]
    assert "Better avoided" not in dates_as_markdown("Acorn", LAUNCH, [])
