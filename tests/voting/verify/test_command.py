"""The command line and its single-file form: exit codes, output, independence."""

import ast
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.voting.verify.forge import SEALED, edited, golden, new_manifest, poll, record_of
from voting.verify.__main__ import main
from voting.verify.bundle import HERE, bundle

MODULES = sorted(HERE.rglob("*.py"))
STRANGERS = {"cryptography"}
RESULT = {
    "blank": 1,
    "counted": 3,
    "invalid": 0,
    "rules": "plurality/1",
    "detail": {"totals": {"a": 2, "b": 0, "c": 0}},
    "winners": ["a"],
}


@pytest.fixture
def saved(tmp_path):
    def save(record, name="record.zip"):
        path = tmp_path / name
        path.write_bytes(record if isinstance(record, bytes) else record.zip())
        return str(path)

    return save


def green():
    return record_of(new_manifest(title="A \x1b[31mred\x1b[0m title"), ["a", None, "a"], RESULT)


def test_exit_codes(saved, capsys):
    wrong = [*golden().leaves[:-1], edited(golden().leaves[-1], winners=["c"])]
    red = replace(golden(), leaves=wrong).sealed_again()
    for record, code in ((green(), 0), (red, 1), (b"no zip", 2), (golden(), 3)):
        assert main([saved(record)]) == code
        assert main([saved(record), "--json"]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_a_report_says_what_was_checked_and_who_won(saved, capsys):
    main([saved(golden(SEALED))])
    printed = capsys.readouterr().out
    for words in (
        "[ok] green",
        "[??] yellow",
        "ballot.token",
        "winners: B [b]",
        "round 2",
        "out: C [c]",
    ):
        assert words in printed
    assert "only agrees with itself" in printed


def test_a_red_report_names_the_leaf(saved, capsys):
    changed = edited(golden().leaves[4], choice="a")
    leaves = [*golden().leaves[:4], changed, *golden().leaves[5:]]
    assert main([saved(replace(golden(), leaves=leaves).sealed_again())]) == 1
    printed = capsys.readouterr().out
    assert "[NO] red     ballot.signature  leaf 4: The ballot is not signed by its key." in printed
    assert "Without the ballots refused above" in printed


def test_no_title_can_write_a_line_of_its_own(saved, capsys):
    assert main([saved(green())]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_machines_get_one_object(saved, capsys):
    manifest = poll()["manifest_sha256"]
    vkey = json.loads(poll()["manifest"])["log"]["vkey"]
    main([saved(golden()), "--json", "--manifest-sha256", manifest.upper(), "--vkey", vkey])
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["exit"], told["cautions"]) == ("yellow", 3, [])
    assert [finding["code"] for finding in told["findings"]] == ["slack.margin"]
    assert told["recount"]["winners"] == ["b"]
    assert set(told["checks"].values()) == {"green", "yellow"}


def test_papers_are_read_from_files(saved, capsys):
    voter = poll()["voters"][0]
    receipt = saved(voter["tlog_proof"].encode(), "receipt")
    last = saved(golden().notes[5], "checkpoint")
    told = [saved(golden()), "--receipt", receipt, "--last-checkpoint", last]
    assert main(told) == 3
    assert "leaf 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.zip"],
        ["."],
        ["\0"],
        ["x", "--receipt", "nowhere"],
        ["x", "--last-checkpoint", "."],
    ],
)
def test_what_cannot_be_read_is_unreadable(arguments, capsys):
    assert main(arguments) == 2
    assert main([*arguments, "--json"]) == 2
    told = capsys.readouterr()
    assert "Cannot be verified" in told.err
    assert json.loads(told.out)["verdict"] == "unreadable"


@pytest.mark.parametrize(
    "arguments", [[], ["a", "b"], ["x", "--vkey", "no"], ["x", "--manifest-sha256", "0"]]
)
def test_wrong_usage_is_exit_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def run(*command):
    done = subprocess.run(command, capture_output=True, check=False, cwd=HERE.parent.parent)
    return done.returncode, done.stdout, done.stderr


def test_one_file_says_the_same_without_any_package(saved, tmp_path):
    program = tmp_path / "VERIFY.py"
    program.write_bytes(bundle())
    for record in (saved(golden(SEALED)), saved(golden(), "live.zip"), saved(b"", "none.zip")):
        joined = run(sys.executable, "-I", "-S", str(program), record)
        package = run(sys.executable, "-m", "voting.verify", record)
        assert joined == package
        assert joined[0] in (2, 3)


def test_the_joined_file_is_always_the_same_and_complete():
    assert bundle() == bundle()
    defined = [name for path in MODULES if path.name != "bundle.py" for name in _definitions(path)]
    assert sorted(defined) == sorted(set(defined)), "two modules define the same name"
    joined = {node.name for node in ast.parse(bundle()).body if isinstance(node, ast.FunctionDef)}
    assert {"main", "verify", "instant_runoff", "hpke_open"} <= joined


def _definitions(path):
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_the_verifier_shares_nothing_with_the_server(path):
    for node in ast.walk(ast.parse(path.read_text())):
        roots = []
        if isinstance(node, ast.Import):
            roots = [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            roots = [(node.module or "").split(".")[0]]
        for root in roots:
            assert root in sys.stdlib_module_names or root in STRANGERS, (path, root)


def test_every_module_is_short():
    assert all(len(path.read_text().splitlines()) <= 400 for path in MODULES)
    assert Path(HERE / "__main__.py") in MODULES
