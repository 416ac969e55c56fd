#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Random torch.nn.GRU networks give the same numbers here, on every kernel variant.

All arguments are drawn: sizes, layers, bias, batch_first, directions, dtype, h_0
or none, one sequence, a batch or a packed batch, sorted or not, padding value and
total_length.  No number may differ by more than 1e-6 (float32) or 1e-12
(float64).

Then wide networks in float32.  PyTorch draws weights up to 1 / sqrt(hidden_size),
so that an input of 300 features on 2 units makes sums of some 10, and PyTorch's
float32 is 4e-6 off its own float64.  So those are compared with float64: no
number may be off by more than 1e-6, or the most that PyTorch's is.

Last, a torch module becomes a model file, with its samples as the self-test.

Needs python3-torch and is skipped (exit status 77) without.

    gru_parity_test.py build/tools/python [seed [configurations]]
"""

import sys
import tempfile
import warnings

SEED = 20261123
N_CONFIGURATIONS = 400
N_WIDE = 40
LIMITS = {"float32": 1e-6, "float64": 1e-12}

try:
    import numpy as np
    import torch
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import grus  # noqa: E402
from grus.export import export_model  # noqa: E402


def chance(generator):
    return bool(generator.integers(0, 2))


def draw_arguments(generator, most) -> dict:
    """Arguments of nn.GRU()."""
    return {
        "input_size": int(generator.integers(1, most + 1)),
        "hidden_size": int(generator.integers(1, most + 1)),
        "num_layers": int(generator.integers(1, 5)),
        "bias": chance(generator),
        "batch_first": chance(generator),
        "dropout": float(generator.choice([0.0, 0.3, 1.0])),
        "bidirectional": chance(generator),
    }


def draw_input(generator, arguments, dtype):
    """An input, its lengths or None, and h_0 or None."""
    kind = generator.choice(["one", "batch", "packed"])
    seq, batch = int(generator.integers(1, 60)), int(generator.integers(1, 10))
    shape = (batch, seq) if arguments["batch_first"] else (seq, batch)
    shape = (seq,) if kind == "one" else shape
    x = generator.standard_normal((*shape, arguments["input_size"])).astype(dtype)
    lengths = None
    if kind == "packed":
        lengths = generator.integers(1, seq + 1, batch)
        lengths[generator.integers(0, batch)] = seq
    h_0 = None
    if chance(generator):
        states = arguments["num_layers"] * (2 if arguments["bidirectional"] else 1)
        middle = () if kind == "one" else (batch,)
        h_0 = generator.uniform(-1, 1, (states, *middle, arguments["hidden_size"])).astype(dtype)
    return x, lengths, h_0


def run(package, make, gru, x, lengths, h_0, options):
    """Forward with torch.nn or grus.nn -> arrays by name."""
    rnn = package.nn.utils.rnn
    states = None if h_0 is None else make(h_0)
    if lengths is None:
        output, h_n = gru(make(x), states)
        return {"output": output, "h_n": h_n}
    first = gru.batch_first
    if options["enforce_sorted"]:
        lengths = np.sort(lengths)[::-1].copy()
    packed = rnn.pack_padded_sequence(make(x), make(lengths), first, options["enforce_sorted"])
    output, h_n = gru(packed, states)
    padded, found = rnn.pad_packed_sequence(
        output, first, options["padding_value"], options["total_length"])
    results = {"output": padded, "h_n": h_n, "lengths": found, "data": output.data,
               "packed": packed.data, "batch_sizes": packed.batch_sizes}
    if not options["enforce_sorted"]:
        results["sorted_indices"] = packed.sorted_indices
        results["unsorted_indices"] = packed.unsorted_indices
    return results


def cut_differs(gru, x, h_0, generator) -> bool:
    """Whether a sequence cut in two gives other bits than in one piece."""
    axis = 1 if gru.batch_first and x.ndim == 3 else 0
    if gru.bidirectional or x.shape[axis] < 2:
        return False
    head, tail = np.split(x, [int(generator.integers(1, x.shape[axis]))], axis)
    whole, h_whole = gru(x, h_0)
    first, h_n = gru(head, h_0)
    rest, h_n = gru(tail, h_n)
    return not (np.array_equal(whole, np.concatenate([first, rest], axis))
                and np.array_equal(h_whole, h_n))


def compare(generator, worst: dict) -> list:
    """One random configuration on all kernels -> what is wrong with it."""
    dtype = str(generator.choice(["float32", "float32", "float64"]))
    arguments = draw_arguments(generator, 40)
    x, lengths, h_0 = draw_input(generator, arguments, dtype)
    total = None
    if lengths is not None and chance(generator):
        total = int(lengths.max() + generator.integers(0, 5))
    options = {"enforce_sorted": chance(generator), "total_length": total,
               "padding_value": float(generator.choice([0.0, -3.5]))}

    reference = torch.nn.GRU(**arguments, dtype=getattr(torch, dtype)).eval()
    with torch.no_grad():
        expected = run(torch, torch.from_numpy, reference, x, lengths, h_0, options)
    wrong = []
    for kernels in grus.kernels() if dtype == "float32" else ("double",):
        gru = grus.nn.GRU(**arguments, dtype=dtype, kernels=kernels).eval()
        gru.load_state_dict(reference.state_dict())
        results = run(grus, np.asarray, gru, x, lengths, h_0, options)
        for name, wanted in expected.items():
            wanted = wanted.numpy()
            shaped = results[name].shape == wanted.shape and results[name].dtype == wanted.dtype
            error = float(np.abs(results[name] - wanted).max()) if shaped else np.inf
            worst[kernels] = max(worst.get(kernels, 0.0), error)
            if not error <= LIMITS[dtype]:
                wrong.append(f"{kernels}: {name} differs by {error:.3g}")
        if lengths is None and cut_differs(gru, x, h_0, generator):
            wrong.append(f"{kernels}: a cut sequence differs")
    if wrong:
        shown = "none" if h_0 is None else h_0.shape
        wrong.insert(0, f"{gru!r}, input {x.shape} {dtype}, lengths {lengths}, h_0 {shown}, "
                        f"{options}")
    return wrong


def compare_wide(generator, worst: dict) -> list:
    """One wide configuration: as near to float64 as PyTorch's float32 is."""
    arguments = draw_arguments(generator, 300)
    x, _, h_0 = draw_input(generator, arguments, "float32")
    single = torch.nn.GRU(**arguments).eval()
    double = torch.nn.GRU(**arguments, dtype=torch.float64).eval()
    double.load_state_dict(single.state_dict())
    with torch.no_grad():
        output = run(torch, torch.from_numpy, single, x, None, h_0, {})["output"].numpy()
        h_0_double = None if h_0 is None else h_0.astype(np.float64)
        exact = run(torch, torch.from_numpy, double, x.astype(np.float64), None, h_0_double,
                    {})["output"].numpy()
    theirs = float(np.abs(output - exact).max())
    worst["wide, PyTorch"] = max(worst.get("wide, PyTorch", 0.0), theirs)
    wrong = []
    for kernels in grus.kernels():
        gru = grus.nn.GRU(**arguments, kernels=kernels).eval()
        gru.load_state_dict(single.state_dict())
        ours = float(np.abs(gru(x, h_0)[0] - exact).max())
        name = f"wide, {kernels}"
        worst[name] = max(worst.get(name, 0.0), ours)
        if not ours <= max(LIMITS["float32"], theirs):
            wrong.append(f"{gru!r}, {kernels}: {ours:.3g} from float64, PyTorch {theirs:.3g}")
    return wrong


class Effect(torch.nn.Module):
    """What a researcher might train: one sample in, one out."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = torch.nn.GRU(1, 12, num_layers=2, batch_first=True, dropout=0.1)
        self.drop = torch.nn.Dropout(0.5)
        self.hidden = torch.nn.Linear(12, 7)
        self.act = torch.nn.Tanh()
        self.out = torch.nn.Linear(7, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.out(self.act(self.hidden(self.drop(self.rnn(x)[0]))))


def check_export() -> None:
    """The engine refuses the file if it does not give PyTorch's samples."""
    effect = Effect().eval()
    x = torch.rand(1, 2000, 1) - 0.5
    with torch.no_grad():
        y = effect(x)
    with tempfile.TemporaryDirectory() as folder:
        export_model(effect, f"{folder}/effect.safetensors", name="Effect", sample_rate=48000,
                     skip=True, test_input=x.flatten().numpy(), test_output=y.flatten().numpy())


def main() -> int:
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    count = int(sys.argv[3]) if len(sys.argv) > 3 else N_CONFIGURATIONS
    warnings.simplefilter("ignore")  # Dropout with a single layer
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    generator = np.random.default_rng(seed)
    failed = 0
    worst: dict = {}
    check_export()
    for index in range(count + N_WIDE):
        wrong = compare(generator, worst) if index < count else compare_wide(generator, worst)
        if wrong:
            failed += 1
            print(f"FAILED: seed {seed}, configuration {index}: " + "\n  ".join(wrong))
    for name, error in worst.items():
        print(f"{name}: largest difference {error:.2e}")
    print(f"{count + N_WIDE - failed} of {count + N_WIDE} configurations agree")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
