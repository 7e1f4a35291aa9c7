"""What the programs of this folder share: mutations, and a program's end judged."""
import collections
import concurrent.futures
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
MEMORY = 4 << 30  # bytes of address space; sanitizers need more and are left alone

VALUES = [b"0", b"-1", b"nan", b"inf", b"-inf", b"1e300", b"1e-300", b"-1e300", b"1e999", b"1",
          b"99999999999999999999", b"9223372036854775807", b"-2147483648", b"4294967296", b"0x10",
          b"[]", b"{}", b"~", b'""', b"[[]]", b"[nan]", b"{a: 1}", b"true", b"1e6", b"1000", b"7",
          b"2 um", b"1e9 um", b"3 kg", b"um", b".", b"-", b"\xc3\xa9", b"!!int 3", b"? x", b"%", b"@",
          b"[0, 0, 0, 0]", b"*none", b"&a [1]", b"!!binary x", b"|", b">"]
NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")
VALUE = re.compile(rb"(?<=: )[^,{}\[\]\n#]+")
WORD = re.compile(rb"[A-Za-z_]{2,}")


def replace_at(text, match, new):
    return text[:match.start()] + new + text[match.end():]


def replace_one(pattern, news):
    def replace(text, draw):
        matches = list(pattern.finditer(text))
        if not matches:
            return text + draw.choice(VALUES)
        return replace_at(text, draw.choice(matches), draw.choice(news))
    return replace


def replace_word(text, draw):
    """A word of the text by another one of it: kinds, names and keys in wrong places."""
    words = list(WORD.finditer(text))
    return replace_at(text, draw.choice(words), draw.choice(words).group()) if words else text


def flip_bits(text, draw):
    out = bytearray(text)
    for _ in range(draw.choice((1, 1, 3, 20))):
        if out:
            out[draw.randrange(len(out))] ^= 1 << draw.randrange(8)
    return bytes(out)


def delete_bytes(text, draw):
    begin = draw.randrange(len(text) + 1)
    return text[:begin] + text[begin + draw.choice((1, 2, 10, 100)):]


def truncate(text, draw):
    return text[:draw.randrange(len(text) + 1)]


def insert(pieces):
    def put(text, draw):
        place = draw.randrange(len(text) + 1)
        return text[:place] + draw.choice(pieces) + text[place:]
    return put


def delete_line(text, draw):
    lines = text.splitlines(keepends=True)
    if lines:
        del lines[draw.randrange(len(lines))]
    return b"".join(lines)


def repeat_line(text, draw):
    lines = text.splitlines(keepends=True)
    if lines:
        place = draw.randrange(len(lines))
        lines[place:place] = [lines[place]] * draw.choice((1, 1, 3, 2000))
    return b"".join(lines)


def move_line(text, draw):
    lines = text.splitlines(keepends=True)
    if lines:
        line = lines.pop(draw.randrange(len(lines)))
        lines.insert(draw.randrange(len(lines) + 1), line)
    return b"".join(lines)


def indent_line(text, draw):
    lines = text.splitlines(keepends=True)
    if lines:
        place = draw.randrange(len(lines))
        lines[place] = draw.choice((b" ", b"    ", b"\t", b"- ", b": ")) + lines[place]
    return b"".join(lines)


def nest(text, draw):
    depth = draw.choice((10, 100, 10000, 200000))
    opening, closing = draw.choice(((b"[", b"]"), (b"{a: ", b"}"), (b"- ", b""), (b"[", b"")))
    deep = opening * depth + closing * depth
    matches = list(VALUE.finditer(text))
    return replace_at(text, draw.choice(matches), deep) if matches else text + b"\n" + deep


def alias(text, draw):
    """Anchors that hold themselves, that grow by powers, that nobody made."""
    bomb = b"x0: &x0 [1, 1]\n" + b"".join(
        b"x%d: &x%d [%s]\n" % (k, k, b", ".join([b"*x%d" % (k - 1)] * 8)) for k in range(1, 12))
    extra = draw.choice((b"&a [*a]", b"&a {b: *a}", b"*a", b"&a &b 1"))
    if draw.random() < 0.3:
        return bomb + text
    return replace_one(VALUE, [extra])(text, draw)


def long_line(text, draw):
    long = draw.choice((b"9", b"x", b" ", b"#", b"\xff", b"-", b"0.")) * (1 << 20)
    return insert([long, b"\n" + long + b"\n", b'"' + long + b'"'])(text, draw)


MUTATIONS = {
    "number": replace_one(NUMBER, VALUES), "value": replace_one(VALUE, VALUES),
    "word": replace_word, "flip": flip_bits, "delete": delete_bytes, "truncate": truncate,
    "insert": insert([b"\0", b"\t", b"\r", b"\xef\xbb\xbf", b"\n---\n", b"\n...\n", b"\xff\xfe", b":",
                      b"#", b"'", b'"', b"\x1f\x8b", b"- ", b",", b"]", b"}", b"\x85", b"\xe2\x80\xa8"]),
    "delete line": delete_line, "repeat line": repeat_line, "move line": move_line,
    "indent": indent_line, "nest": nest, "alias": alias, "long line": long_line,
    "crlf": lambda text, draw: text.replace(b"\n", b"\r\n"),
    "cr": lambda text, draw: text.replace(b"\n", b"\r"),
    "bom": lambda text, draw: b"\xef\xbb\xbf" + text,
    "utf-16": lambda text, draw: text.decode("latin1").encode("utf-16"),
    "tabs": lambda text, draw: text.replace(b"  ", b"\t"),
    "twice": lambda text, draw: text + text, "empty": lambda text, draw: b"",
}
OFTEN = ["number"] * 12 + ["value"] * 8 + ["word"] * 5 + ["flip"] * 4


def mutate(text, draw):
    """One mutation drawn by `draw`: the new text and the mutation's name."""
    name = draw.choice(OFTEN + list(MUTATIONS))
    return MUTATIONS[name](text, draw), name


def add_arguments(parser, cases):
    parser.add_argument("symwave")
    parser.add_argument("--cases", type=int, default=cases)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2 * os.cpu_count())
    parser.add_argument("--limit", type=float, default=60, help="seconds of one case")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the cases that fail")


def environment():
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
            "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
            # MPI and PETSc keep what they have allocated to their ends.
            "ASAN_OPTIONS": "detect_leaks=0"}


def cap_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def run_case(options, case, arguments, judge_sentence, sentence=r"^error: .*$"):
    """Runs symwave on one rank; gives why its end is a bad one, or nothing. `sentence`: the form of
    what a file is refused with."""
    symwave = pathlib.Path(options.symwave).resolve()
    sanitized = "asan" in str(symwave)
    try:
        done = subprocess.run([symwave, *arguments], cwd=case, env=environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              timeout=options.limit, preexec_fn=None if sanitized else cap_memory)
    except subprocess.TimeoutExpired:
        return f"did not end within {options.limit:.0f} s"
    text = (done.stdout + done.stderr).decode("utf-8", "replace")
    options.ends[done.returncode] += 1
    refused = done.returncode == 1 or sentence.startswith("^error")
    errors = re.findall(sentence, text, flags=re.MULTILINE) if refused else []
    tail = text[-1500:]
    if done.returncode not in (0, 1):
        return f"exit code {done.returncode}: {tail}"
    for word in ("internal error", "Sanitizer", "runtime error", "terminate called"):
        if word in text:
            return f"{word}: {tail}"
    if len(errors) != done.returncode:
        return f"{len(errors)} lines of error with exit code {done.returncode}: {tail}"
    if len(text) > 20000:
        return f"{len(text)} characters are no sentence: {text[:300]}"
    if not errors:
        return ""
    bad = judge_sentence(case, text[text.index(errors[0]):])
    return f"{bad}: {tail}" if bad else ""


def run_all(options, run, name):
    """Runs the cases side by side; the exit code of the test."""
    begin, failed, options.ends = time.monotonic(), 0, collections.Counter()
    root = pathlib.Path(tempfile.mkdtemp(prefix="symwave_fuzz_"))

    def one(number):
        case = root / str(number)
        case.mkdir()
        what, reason = run(case, random.Random(f"{options.seed}/{name}/{number}"))
        if reason and options.keep:
            shutil.copytree(case, options.keep / str(number), symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(case)
        return what, reason

    numbers = range(options.first, options.first + options.cases)
    try:
        with concurrent.futures.ThreadPoolExecutor(max_workers=options.workers) as pool:
            running = {pool.submit(one, number): number for number in numbers}
            for done in concurrent.futures.as_completed(running):
                what, reason = done.result()
                if reason:
                    failed += 1
                    print(f"FAILED case {running[done]} of seed {options.seed}, {what}\n  {reason}",
                          flush=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    print(f"{name}: {options.cases - failed} of {options.cases} cases end with a sentence or well: "
          f"{options.ends[1]} refused, {options.ends[0]} accepted; {time.monotonic() - begin:.0f} s")
    return 1 if failed or options.cases < 1 else 0
