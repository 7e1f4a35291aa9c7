#!/usr/bin/python3
"""symwave plan: its JSON is consistent, foresees a tiny run, and refuses what it cannot plan."""
import json
import pathlib
import re
import resource
import sys
import tempfile

from program import answer, run, summary

PROGRAM = sys.argv[1]
DECK = ["inputs/waveguide.yaml", "--set", "solver=time_domain", "--set", "grid.cell=0.1um"]


CORES = 4  # of a node of the machine file


def plan(*arguments):
    return json.loads(run(PROGRAM, 1, "plan", *arguments, "--json"))


def test_more_nodes_take_no_more_memory(machine):
    for deck in (DECK, ["inputs/soi_strip_3d.yaml"], ["inputs/coupler.yaml"],
                 ["inputs/bench/scatter_focus.yaml"]):
        made = plan(*deck, "--machine", machine, "--nodes", 1, 2, 4, 8, "--tasks", 4)
        rows = [row for row in made["plans"] if row["possible"]]
        assert [row["nodes"] for row in rows][:2] == [1, 2], made
        for one, more in zip(rows, rows[1:]):
            assert more["memory_per_rank_bytes"] <= one["memory_per_rank_bytes"], (deck, one, more)
        for row in rows:
            assert row["ranks"] == 4 * row["nodes"], row
            assert abs(sum(row["parts"].values()) / row["seconds"] - 1) < 1e-9, row
            hours = row["seconds"] * row["ranks"] * row["threads"] / 3600
            assert abs(row["core_hours"] / hours - 1) < 1e-9, row
        assert made["scaling_end_nodes"] >= 1, made


def test_nodes_without_the_memory_are_named(machine):
    large = ["inputs/soi_strip_3d.yaml", "--set", "grid.cell=20nm", "--set", "output.fields=false"]
    text = pathlib.Path(machine).read_text(encoding="utf-8")
    small = pathlib.Path(machine).with_name("small.yaml")
    small.write_text(re.sub("memory: .*", "memory: 200 MB", text), encoding="utf-8")
    said = run(PROGRAM, 1, "plan", *large, "--machine", small)
    first = json.loads(run(PROGRAM, 1, "plan", *large, "--machine", small, "--json"))["plans"][0]
    assert first["nodes"] > 1 and "not have the memory" in said, said


def test_scaling_ends_where_half_is_lost(machine):
    end = plan(*DECK, "--machine", machine, "--tasks", 4)["scaling_end_nodes"]
    last, beyond = plan(*DECK, "--machine", machine, "--tasks", 4, "--nodes", end, end + 1)["plans"]
    assert last["efficiency"] >= 0.5, (end, last)
    assert not beyond["possible"] or beyond["efficiency"] < 0.5, (end, beyond)


def set_cores(machine):
    path = pathlib.Path(machine)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub("cores: .*", f"cores: {CORES}", text), encoding="utf-8")


def processor():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_foresees_a_tiny_run(machine, folder):
    foreseen = plan(*DECK, "--machine", machine, "--nodes", 1, "--tasks", 1)["plans"][0]
    before = processor()
    run(PROGRAM, 1, "keys", "grid")
    start = processor() - before
    before = processor()
    run(PROGRAM, 1, "run", *DECK, "--no-report", "--output", f"{folder}/run")
    # Beside other load of the machine the clock says nothing; a second is allowed for files.
    taken = processor() - before - start
    assert foreseen["seconds"] < 2 * taken + 1 and taken < 2 * foreseen["seconds"] + 1, (
        foreseen, taken)
    held = summary(f"{folder}/run")["peak_memory_bytes"]
    assert abs(foreseen["memory_per_rank_bytes"] / held - 1) < 0.25, (foreseen, held)


def test_says_what_a_resonance_does(machine):
    made = plan("inputs/ring_2d.yaml", "--machine", machine, "--nodes", 1)
    assert made["at_least"] and any("quality factor Q" in text for text in made["assumptions"]), made
    assert not plan(*DECK, "--machine", machine, "--nodes", 1)["at_least"]


def refused(*arguments):
    code, said = answer(PROGRAM, 1, "plan", *arguments)
    errors = [line for line in said.splitlines() if line.startswith("error: ")]
    assert code == 1 and len(errors) == 1, said
    return errors[0]


def test_refusals(machine, folder):
    text = pathlib.Path(machine).read_text(encoding="utf-8")
    assert "--nodes" in refused(*DECK, "--machine", machine, "--nodes", 0)
    assert f"which has {CORES} cores by {machine}" in refused(
        *DECK, "--machine", machine, "--tasks", CORES + 1)
    assert "nowhere.yaml" in refused(*DECK, "--machine", f"{folder}/nowhere.yaml")
    broken = pathlib.Path(folder) / "broken.yaml"
    cell = next(line for line in text.splitlines() if line.startswith("  cell_2d:"))
    for changed, expected in (
            (text.replace(cell, "  cell_2d: -1 ns"), "cell_2d"),
            (text.replace(cell, "  cell_2d: 1 GB"), "unknown unit GB"),
            (text.replace(cell, ""), "cell_2d"),
            (text.replace("format: 1", "format: 9"), "another version of symwave"),
            (text.replace("cores:", "coers:"), "did you mean cores"),
            ("cores: [", "broken.yaml"), ("", "broken.yaml")):
        broken.write_text(changed, encoding="utf-8")
        assert expected in refused(*DECK, "--machine", broken), expected


def test_frames_are_foreseen(machine, folder):
    """Pictures and field files, by the rates of a file and by others where an older file lacks them."""
    lines = pathlib.Path(machine).read_text(encoding="utf-8").splitlines(keepends=True)
    rates = ("  frame_point:", "  picture_pixel:", "  field_file:")
    assert sum(line.startswith(rates) for line in lines) == 3, lines
    old = pathlib.Path(folder) / "old.yaml"
    old.write_text("".join(line for line in lines if not line.startswith(rates)), encoding="utf-8")
    plain = plan(*DECK, "--machine", machine, "--nodes", 1, "--tasks", 1)
    assert "frames" not in plain["plans"][0]["parts"], plain
    for rates_of in (machine, old):
        shown = plan(*DECK, "--machine", rates_of, "--nodes", 1, "--tasks", 1, "--set",
                     "insitu={png: true, every: 10 steps}", "--set",
                     "output.fields={what: [Ez], when: every 100 steps}")
        assert shown["plans"][0]["parts"]["frames"] > 0.1, shown
        assert shown["file_bytes"] > 2 * plain["file_bytes"], shown


def main():
    with tempfile.TemporaryDirectory() as folder:
        machine = f"{folder}/new/machine.yaml"
        run(PROGRAM, 1, "bench", "all", "--seconds", 0.1, "--write", machine)
        set_cores(machine)
        test_nodes_without_the_memory_are_named(machine)
        test_more_nodes_take_no_more_memory(machine)
        test_scaling_ends_where_half_is_lost(machine)
        test_foresees_a_tiny_run(machine, folder)
        test_says_what_a_resonance_does(machine)
        test_frames_are_foreseen(machine, folder)
        test_refusals(machine, folder)
    print("plan_test: ok")


if __name__ == "__main__":
    main()
