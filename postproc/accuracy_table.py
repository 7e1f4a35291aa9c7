"""accuracy_table.py SUMMARY: prints the accuracies of a trained chip from its summary.json."""
import pathlib
import sys

from results import ResultError, lookup, read_summary

ROWS = (
    ("forward mode, on the chip", "forward_mode.test_accuracy"),
    ("in silico, on the model", "in_silico.model_test_accuracy"),
    ("in silico, deployed on the chip", "in_silico.deployed_test_accuracy"),
    ("reverse, on the chip", "reverse.test_accuracy"),
)


def table(summary):
    lines = ["trainer                            test accuracy",
             "-------------------------------------------------"]
    for label, key in ROWS:
        value = lookup(summary, key)
        lines.append(f"{label:<36}{'not trained' if value is None else f'{100 * value:.1f} %':>13}")
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        print(table(read_summary(pathlib.Path(sys.argv[1]))))
    except ResultError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
