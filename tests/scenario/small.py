"""A scenario of one page, and what loading a changed copy of it says."""

from __future__ import annotations

from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import loads

SMALL = """\
schema: 1
name: small
start: 2020-01-01
end: 2020-12-31
focal: homeland
jurisdictions:
  - {id: homeland, regions: {north: 0.4}}
  - {id: harbour}
agencies:
  - {id: regulator, capacity: 2 cases, service: {lognormal: {mean: 12 d, sd: 6 d}}}
segments:
  - id: traders
    home: homeland
    volume: 1000
    switching: 0.2 /d
    outside: 0.6
    taste: {domestic: 0, otc: -3, offshore: -2}
    rails: {bank: 0.6, wallet: 0.4}
exchanges:
  - {id: alpha, home: homeland, share: 0.7}
  - {group: tail, count: 3, home: homeland, brand: {normal: {mean: -2.38, sd: 0.4}}}
policies:
  baseline:
    - id: closure
      kind: closure-order
      by: regulator
      announced: 2020-03-01
      effective: 2020-03-08
      deadline: 2020-04-15
    - id: payments
      kind: payment-block
      by: regulator
      announced: 2020-06-01
      ramp: 2 weeks
      target: {modes: [otc], rails: [bank]}
"""


def changed(*changes: tuple[str, str], text: str = SMALL) -> str:
    """The text with each first part of a pair, which must occur exactly once, replaced by the second."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def complaints(text: str, **overrides: object) -> list[str]:
    """What loading the text says is wrong, line by line; nothing if it loads."""
    try:
        loads(text, "small.yaml", {path.replace("__", "."): value for path, value in overrides.items()})
    except ScenarioError as error:
        return str(error).splitlines()
    return []
