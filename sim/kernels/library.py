"""Compiled code as an object file: made once, kept in the cache, and loaded without Numba."""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any, get_type_hints

from llvmlite import binding as untyped_binding

from sim.kernels.cache import cache_folder, keep, one_process, read
from sim.kernels.compile import Entrance
from sim.kernels.pointers import Shared

binding: Any = untyped_binding
_C: dict[type, Any] = {float: ctypes.c_double, int: ctypes.c_int64, Shared: ctypes.c_void_p}
Examples = Mapping[Entrance[..., Any], tuple[Any, ...]]


class Native:
    """A C function as `translate` makes it: takes shared records and numbers, gives what the kernel's annotation says.

    It releases the interpreter's lock.
    """

    def __init__(self, address: int, example: tuple[Any, ...], result: Any) -> None:
        slot = _C[float if result is float else int]
        kinds = [_C[type(value)] for value in example]
        self._call = ctypes.CFUNCTYPE(ctypes.c_int, *kinds, ctypes.POINTER(slot))(address)
        self._slot, self._result = slot, result

    def __call__(self, *arguments: Any) -> Any:
        """Call it. Raises IndexError if indices are checked and one is outside."""
        found = self._slot()
        if self._call(*arguments, ctypes.byref(found)):
            raise IndexError("compiled code reached beyond an array; with NUMBA_DISABLE_JIT=1 Python shows where")
        return None if self._result is type(None) else self._result(found.value)


_lock = Lock()
_engines: list[Any] = []  # own the code that is loaded


def load(examples: Examples, file: Path | None = None) -> None:
    """Give entrances their compiled code for arguments such as the examples: from the file, or made and kept there."""
    with _lock:
        names = {entrance: f"{entrance.function.__module__}.{entrance.function.__qualname__}" for entrance in examples}
        sources = {names[entrance]: (entrance.function, example) for entrance, example in examples.items()}
        engine = _loaded(_made(sources) if file is None else read(file) or _made_and_kept(sources, file))
        for entrance, example in examples.items():
            result = get_type_hints(entrance.function)["return"]
            entrance.native = Native(engine.get_function_address(names[entrance]), example, result)


def _made_and_kept(sources: Mapping[str, tuple[Any, tuple[Any, ...]]], file: Path) -> bytes:
    """Make the code for all processes that need it; while one does, the others wait."""
    with one_process(file.parent):
        code = read(file)
        if code is None:
            code = _made(sources)
            keep(code, file)
    return code


def object_file() -> Path:
    """Where compiled code is kept: its name tells what but for the source it depends on."""
    machine = (binding.get_process_triple(), binding.get_host_cpu_name(), _features(), *sys.version_info[:2])
    made_by = (version("numba"), version("llvmlite"), os.environ.get("NUMBA_BOUNDSCHECK"))
    return cache_folder() / f"{hashlib.sha256(repr((machine, made_by)).encode()).hexdigest()[:16]}.o"


def _features() -> str:
    return str(binding.get_host_cpu_features().flatten())


def _machine() -> Any:
    """What code is made for: this machine, as Numba does it."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    triple = binding.get_process_triple()
    return binding.Target.from_triple(triple).create_target_machine(
        cpu=binding.get_host_cpu_name(), features=_features(), opt=3, jit=True, codemodel="jitdefault",
        reloc="static" if triple.startswith(("x86", "i")) else "default",
    )  # fmt: skip


def _made(entrances: Mapping[str, tuple[Any, tuple[Any, ...]]]) -> bytes:
    """Translate, optimise and emit."""
    from sim.kernels.translate import translated

    machine = _machine()
    module = translated(entrances)
    options = binding.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization, options.slp_vectorization = True, False
    builder = binding.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    code: bytes = machine.emit_object(module)
    return code


def _loaded(code: bytes) -> Any:
    if sys.platform == "win32":
        from numba.core.registry import cpu_target

        assert cpu_target.target_context  # makes functions of mathematics known that Windows does not export
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), _machine())
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    return engine
