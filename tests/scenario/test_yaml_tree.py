"""YAML text to values: the core schema, positions, and everything a hostile or careless file can hold."""

import json
import os
import re
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.document import yaml_tree as text_module
from sim.scenario.document.tree import locate, to_plain
from sim.scenario.document.yaml_tree import MAX_DEPTH, read_file, read_text
from sim.scenario.errors import ScenarioError

SEVERAL = """\
a: 1
2: b
a: 3
<<: {c: 1}
d: !!python/object/apply:os.system [ls]
e: !ref x
f: .inf
g: 1e999
h: 99999999999999999999
"""


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as error:
        read_text(text, "f.yaml")
    return str(error.value)


def test_scalars_follow_the_core_schema_and_dates_stay_text() -> None:
    text = (
        "a: [1, -2, 0x1F, 0o17, 1.5, .5, 1e3, '1', \"true\"]\nb: [true, False, null, ~, ]\n"
        "c: [yes, off, 1_000, 12:30, 2017-09-15, 0.15 /d]\nd:\n"
    )
    assert to_plain(read_text(text, "f.yaml")) == {
        "a": [1, -2, 31, 15, 1.5, 0.5, 1000.0, "1", "true"],
        "b": [True, False, None, None],
        "c": ["yes", "off", "1_000", "12:30", "2017-09-15", "0.15 /d"],
        "d": None,
    }


def test_positions_of_keys_and_values() -> None:
    root = read_text("a:\n  - {b: 1, c: 2}\n", "f.yaml")
    assert str(locate(root, ("a", 0, "c"))) == "f.yaml:2:15"
    assert str(locate(root, ("a", 0, "c"), key=True)) == "f.yaml:2:12"
    assert str(locate(root, ("a", 0, "missing"))) == "f.yaml:2:5"


def test_everything_refused_in_a_file_is_said_at_once() -> None:
    assert refusal(SEVERAL).splitlines() == [
        'f.yaml:2:1: the key 2 is not text; put it in quotes: "2"',
        "f.yaml:3:1: the key a stands here a second time; the first is at f.yaml:1:1",
        "f.yaml:4:1: the merge key << is not used here; use `extends`, or repeat the keys",
        "f.yaml:5:4: the tag !!python/object/apply:os.system is refused; write plain values",
        "f.yaml:6:4: the tag !ref is refused; write plain values",
        "f.yaml:7:4: .inf is not a finite number",
        "f.yaml:8:4: the number is too large",
        "f.yaml:9:4: the number is too large",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f.yaml: the file is empty"),
        ("# only a comment\n", "f.yaml: the file is empty"),
        ("- a\n- b\n", "f.yaml:1:1: the file is to be a mapping of keys to values, such as `name: china-2017`"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document starts here; a file holds one scenario"),
        ("a: 1\nb:\n\t- c\n", "f.yaml:3:1: not valid YAML: a tab stands in the indentation; use spaces"),
        ("a: b: c\n", "f.yaml:1:5: not valid YAML: a second `: ` on one line; put text that holds a colon in quotes"),
        ("a: @b\n", "f.yaml:1:4: not valid YAML: no value starts with @; put the text in quotes"),
        ("a: *b\n", "f.yaml:1:4: the alias *b has no anchor before it"),
        ("a: &a [1, *a]\n", "f.yaml:1:11: the alias *a stands inside itself"),
        ("? [a]\n: 1\n", "f.yaml:1:3: a key must be plain text"),
        ("a: 1\nb: \x00\n", "f.yaml:2:4: not a text file: it holds the control character U+0000"),
    ],
)
def test_unusable_text(text: str, message: str) -> None:
    assert refusal(text) == message


class _Shallow(yaml.SafeLoader):
    """A parser with a bound of its own, and words of its own for it."""

    def check_event(self, *choices: type[yaml.Event]) -> bool:
        raise yaml.MarkedYAMLError(problem="this goes too deep for me", problem_mark=self.get_mark())


@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader, _Shallow])
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: " + "[" * 100_000, f"1:{MAX_DEPTH + 3}"),
        ("{a: " * 3000, f"1:{4 * MAX_DEPTH + 1}"),
        ("- " * 3000, f"1:{2 * MAX_DEPTH + 1}"),
        ("\n".join(" " * n + "a:" for n in range(1100)), f"{MAX_DEPTH + 1}:{MAX_DEPTH + 1}"),
    ],
    ids=["list", "mapping", "items", "lines"],
)
def test_too_deep_a_nesting_is_told_alike_whatever_bound_the_parser_has(
    loader: type, text: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_module, "_LOADER", loader)
    assert refusal(text) == f"f.yaml:{place}: nested more than {MAX_DEPTH} levels deep"


def test_what_only_one_parser_refuses_is_refused() -> None:
    """PyYAML's own parser reads the first and stumbles over the others."""
    for escape in ("\\ud800", "\\U00110000", "\\UFFFFFFFF"):
        said = refusal(f'a: "{escape}"')
        surrogate = "f.yaml:1:4: the text holds the character U+D800, which cannot be printed"
        assert said == surrogate or said.startswith("f.yaml:1:7: not valid YAML: ")


@pytest.mark.parametrize(
    "text",
    ['a: "\\e[31m"', 'a: "\\0"', 'a: "\\x7f"', 'a: "\\u202E"', "a: \u2066b", "a: b\u200f", "a\u061c: 1", 'a: "b\\Lc"', 'a: "b\\Nc"'],
)  # fmt: skip
def test_characters_that_control_a_terminal_or_turn_what_it_shows_are_refused_in_texts(text: str) -> None:
    assert re.fullmatch(r"f\.yaml:1:[14]: (the text|not a text file: it) holds .*U\+[0-9A-F]{4}.*", refusal(text))


def test_other_scripts_lines_and_joiners_are_read() -> None:
    for text in (
        "火币 ビットフライヤー 업비트",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "a\tb\nc",
        "\U0001f468\u200d\U0001f469",
    ):
        assert to_plain(read_text(json.dumps({"a": text}, ensure_ascii=False), "f.yaml")) == {"a": text}


def test_unclosed_brackets_name_the_line_of_the_opening_one() -> None:
    assert "starts at line 2" in refusal("a: 1\nb: [1, 2\nc: 3\n")


def test_aliases_are_fine_within_reason() -> None:
    assert to_plain(read_text("a: &hosts [x, y]\nb: *hosts\n", "f.yaml")) == {"a": ["x", "y"], "b": ["x", "y"]}


def test_an_alias_bomb_is_refused_without_being_expanded() -> None:
    """Expanded it would have 10^100 values: the test would not come to an end."""
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 100)]
    assert refusal("\n".join(lines)) == "f.yaml:6:5: expands to more than 200,000 values"


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted while they are read: the list, what holds it and its items before the last one are as many as allowed."""
    monkeypatch.setattr(text_module, "MAX_VALUES", 2_000)
    assert refusal("a: [" + "1," * 1_999) == "f.yaml:1:4001: more than 2,000 values"


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    monkeypatch.setattr("builtins.open", lambda *_: pytest.fail("the file was opened"))
    with pytest.raises(ScenarioError, match=r"huge.yaml: 100 MB; larger than 5 MB"):
        read_file(path)


def test_binary_and_foreign_encodings(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"a: 1\nb: \xff\xfe\n")
    with pytest.raises(ScenarioError, match=r"f.yaml:2:4: not a text file in UTF-8"):
        read_file(path)
    path.write_bytes("\ufeffa: 北京\n".encode())
    assert to_plain(read_file(path)) == {"a": "北京"}


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "china.yaml").write_text("a: 1")
    with pytest.raises(ScenarioError, match=r"chnia.yaml: no such file \(did you mean china.yaml\?\)"):
        read_file(tmp_path / "chnia.yaml")
    with pytest.raises(ScenarioError, match="a folder, not a file"):
        read_file(tmp_path)
    with pytest.raises(ScenarioError, match="embedded null"):
        read_file("f.yaml\0")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ScenarioError, match="not a regular file"):
        read_file(tmp_path / "pipe.yaml")


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_both_parsers_agree(loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_module, "_LOADER", getattr(yaml, loader))
    assert refusal(SEVERAL).count("\n") == 7
    assert to_plain(read_text("a: &x {b: 1}\nc: *x\n", "f.yaml")) == {"a": {"b": 1}, "c": {"b": 1}}


@given(st.text(st.sampled_from("ab:-[]{}&*!?|>'\"%@#,\n\t 01.~<"), max_size=60) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ScenarioError):
        assert isinstance(to_plain(read_text(text, "f.yaml")), dict)


WORDS = st.text(st.characters(max_codepoint=0xD7FF, exclude_categories=["C", "Z"]) | st.just(" "))
NUMBERS = st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(WORDS, VALUES, min_size=1))
def test_json_reads_as_what_it_says(data: dict[str, object]) -> None:
    assert to_plain(read_text(json.dumps(data, ensure_ascii=False), "f.yaml")) == data
