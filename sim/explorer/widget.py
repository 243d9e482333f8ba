"""The explorer in a notebook: the front end of the page, with the kernel in the place of a server."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from sim.explorer.question import Question, read_question
from sim.explorer.session import Session
from sim.scenario.policy.policy import Policy


class Explorer(anywidget.AnyWidget):
    """What `sim.explore` shows. `policy` is the policy that is explored at the moment, `link` the state as text."""

    _esm = files(__package__).joinpath("explorer.js").read_text(encoding="utf-8")
    _css = files(__package__).joinpath("explorer.css").read_text(encoding="utf-8")
    subject = traitlets.Dict().tag(sync=True)
    link = traitlets.Unicode().tag(sync=True)

    def __init__(self, session: Session, link: str = "") -> None:
        super().__init__(subject=session.subject, link=link.removeprefix("#"))
        self._session = session
        self._question = read_question(session.subject["first"], session.scenario)
        self.on_msg(self._reply)

    @property
    def question(self) -> Question:
        """What was asked last."""
        return self._question

    @property
    def policy(self) -> Policy:
        """The policy that was asked for last, for `sim.run` or `sim.compare`."""
        return self._session.policy(self._question)

    def _reply(self, _: object, asked: Any, __: object) -> None:
        """Answer a question of the front end, under the number that it came with."""
        answer = self._session.answer(asked["question"])
        if "problem" not in answer:
            self._question = read_question(asked["question"], self._session.scenario)
        self.send({"number": asked["number"], "answer": answer})
