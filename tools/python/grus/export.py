# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""A torch module's GRU and Linear layers as a Grus model file.

The file is of kind "sample": one audio sample in, one out, for `grus render`
and the plugins.  What the file says is described in engine/FORMAT.md.
"""

from __future__ import annotations

import json
import os
from ctypes import byref, c_void_p
from typing import Any, Dict, Iterator, List, Optional, Tuple, Union

import numpy as np

from . import tensor_file
from ._engine import GrusError, call, library

_ACTIVATIONS = {"Sigmoid": "sigmoid", "Tanh": "tanh", "ReLU": "relu"}
_NOTHING_IN_EVALUATION = ("Dropout", "Identity")
_TOLERANCE = 1e-4


def _gru(module: Any) -> Dict[str, Any]:
    return {
        "type": "gru",
        "axis": "time",
        "input_size": module.input_size,
        "hidden_size": module.hidden_size,
        "num_layers": module.num_layers,
        "bias": bool(module.bias),
        "bidirectional": bool(module.bidirectional),
    }


def _linear(module: Any) -> Dict[str, Any]:
    return {
        "type": "linear",
        "in": module.in_features,
        "out": module.out_features,
        "bias": module.bias is not None,
    }


def _leaves(module: Any) -> Iterator[Tuple[str, Any]]:
    """Modules without modules in them, in the order of their definition."""
    if not hasattr(module, "named_modules"):  # One of ours
        yield "", module
        return
    for path, part in module.named_modules():
        if not any(True for _ in part.children()):
            yield path, part


def _describe(module: Any) -> Tuple[List[Dict[str, Any]], Dict[str, np.ndarray]]:
    """Layers as the file lists them, and their tensors by name."""
    layers = []
    tensors = {}
    for path, part in _leaves(module):
        kind = type(part).__name__
        if kind in _NOTHING_IN_EVALUATION:
            continue
        layer: Dict[str, Any] = {"name": path or kind.lower()}
        if kind == "GRU":
            layer.update(_gru(part), tensors=path)
        elif kind == "Linear":
            layer.update(_linear(part), tensors=path)
        elif kind in _ACTIVATIONS:
            layer.update(type="activation", function=_ACTIVATIONS[kind])
        else:
            raise GrusError(f"{path or 'the module'} is a {kind}, which cannot be exported")
        layers.append(layer)
        if "tensors" in layer:
            for name, tensor in part.state_dict().items():
                tensors[f"{path}.{name}" if path else name] = np.asarray(tensor)
    return layers, tensors


def _check(data: bytes) -> None:
    """Load a file as the engine does, self-test included."""
    model = c_void_p()
    call("grus_model_parse", data, len(data), byref(model))
    library.grus_model_free(model)


def export_model(
    module: Any,
    path: Union[str, "os.PathLike[str]"],
    *,
    name: str,
    sample_rate: int,
    skip: bool = False,
    author: str = "",
    license: str = "",
    description: str = "",
    test_input: Optional[np.ndarray] = None,
    test_output: Optional[np.ndarray] = None,
) -> None:
    """Write the layers of a torch module as a Grus model file.

    Taken are GRU, Linear, Sigmoid, Tanh and ReLU, in the order in which the
    module defines them, each fed by the one before; Dropout and Identity are
    passed over.  The first must take 1 feature and the last give 1.  torch is
    not imported: anything with PyTorch's attributes will do.

    Args:
        module: a torch.nn.Module, or a grus.nn.GRU.
        path: the .safetensors file to write.
        name: of the model, for people.
        sample_rate: that it was trained at, in Hz.
        skip: whether the input is added to the output.
        test_input: (n,) a signal of at most 10 s, and
        test_output: (n,) what the module makes of it, states starting at zero.
            They go into the file, and whoever loads it checks that the engine
            computes the same, within 1e-4.

    Raises:
        GrusError: a layer cannot be exported, or the engine refuses the result,
            because of its self-test for instance.  No file is written then.
    """
    layers, tensors = _describe(module)
    about: Dict[str, Any] = {
        "format": 1,
        "name": name,
        "kind": "sample",
        "sample_rate": int(sample_rate),
        "layers": layers,
        "output": {"skip": bool(skip)},
    }
    for key, text in (("author", author), ("license", license), ("description", description)):
        if text:
            about[key] = text
    if (test_input is None) != (test_output is None):
        raise GrusError("test_input and test_output belong together")
    if test_input is not None:
        tensors["self_test.input"] = np.asarray(test_input, np.float32)
        tensors["self_test.output"] = np.asarray(test_output, np.float32)
        about["self_test"] = {
            "input": "self_test.input",
            "output": "self_test.output",
            "tolerance": _TOLERANCE,
        }

    data = tensor_file.encode(tensors, {"grus": json.dumps(about)})
    _check(data)
    tensor_file.replace(path, data)
