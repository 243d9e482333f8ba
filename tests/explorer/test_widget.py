"""The explorer in a notebook, without a browser: messages of the front end and what Python knows of its state."""

from __future__ import annotations

from typing import Any

import pytest

import sim

pytest.importorskip("anywidget", reason="anywidget is not installed (extra `explorer`)")


def test_a_message_is_answered_under_its_number_and_the_policy_can_be_used() -> None:
    minimal = sim.load("configs/minimal.yaml")
    explorer = sim.explore(minimal, replications=2, link="#policy=baseline&change=closure,off")
    sent: list[dict[str, Any]] = []
    explorer.send = sent.append
    question = explorer.subject["first"] | {"changes": {"closure": {"on": False}}}

    explorer._reply(None, {"number": 7, "question": question}, None)
    explorer._reply(None, {"number": 8, "question": question | {"measure": "nothing"}}, None)

    assert [message["number"] for message in sent] == [7, 8]
    assert "problem" not in sent[0]["answer"]
    assert sent[1]["answer"]["problem"].startswith("no measure called nothing")
    assert explorer.policy.ids == ("payments",)
    assert explorer.link == "policy=baseline&change=closure,off"
