"""Kernels into LLVM code, by Numba: each once, however many call it.

Left to itself Numba makes a library of each function: it links all that the function calls, optimises it and emits
machine code, and does so again for each function that calls this one. Here a kernel goes no further than LLVM code, in
which calls to other kernels are left open; then all that is called from Python is linked with all that it reaches.
"""

from __future__ import annotations

import gc
import inspect
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from llvmlite import binding, ir
from numba import config as untyped_config
from numba import extending as untyped_extending
from numba.core import compiler as untyped_compiler
from numba.core import compiler_machinery as untyped_machinery
from numba.core import registry, typed_passes, types, untyped_passes

from sim.kernels import philox, philox_words
from sim.kernels.compile import kernels
from sim.kernels.pointers import Shared
from sim.kernels.record_types import pointer_to

config: Any = untyped_config
compiler: Any = untyped_compiler
machinery: Any = untyped_machinery
extending: Any = untyped_extending
target: Any = registry.cpu_target
Function = Callable[..., Any]
_LOG = logging.getLogger("sim")
_STEPS = 4  # in which it is told how far the compilation is
_ALLOCATIONS = 100_000  # objects more than were freed, after which garbage is looked for
_NUMBERS = {float: types.float64, int: types.int64}


_PASSES: Any = (
    untyped_passes.TranslateByteCode, untyped_passes.FixupArgs, untyped_passes.IRProcessing,
    untyped_passes.ReconstructSSA, typed_passes.NopythonTypeInference, typed_passes.PreLowerStripPhis,
    typed_passes.NativeLowering, typed_passes.NoPythonBackend,
)  # fmt: skip


class _Compiler(compiler.CompilerBase):  # type: ignore[misc]
    """Numba's passes without those for what no kernel has: closures, inlined functions, literal loops, rewrites.

    Nor is it written down where a variable is last used, which serves the counting of references.
    """

    def define_pipelines(self) -> list[Any]:
        passes = machinery.PassManager("kernel")
        for each in _PASSES:
            passes.add_pass(each)
        passes.finalize()
        return [passes]


class _Flags(compiler.Flags):  # type: ignore[misc]
    """Flags that are the same if the same are set. Numba compares them at each call, with all that could be set."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Flags) and self._values == other._values

    def __hash__(self) -> int:
        return hash(frozenset(self._values))


@dataclass(frozen=True, eq=False)
class Part:
    """A kernel for some kinds of arguments: how to call it, its LLVM code, and what it calls of ours and of Numba's."""

    signature: Any
    descriptor: Any
    code: str
    attributes: tuple[str, ...]
    kernels: tuple[Part, ...]
    libraries: tuple[Any, ...]


_parts: dict[tuple[Function, tuple[Any, ...]], Part] = {}
_introduced: list[Function] = []
_called: dict[Any, list[Part]] = {}  # by the kernels whose code is being generated


def translated(entrances: Mapping[str, tuple[Function, tuple[Any, ...]]]) -> Any:
    """A module with a C function by each name: of the kernel, for arguments such as the example.

    It takes the arguments, then a pointer to where the result is put as a number of eight bytes, and returns whether it
    failed.
    """
    _introduce_kernels()
    parts = {}
    with _little_garbage_collection():
        for name, (kernel, example) in entrances.items():
            parts[name] = _part(kernel, tuple(map(_kind_of, example)), ())
    module = binding.parse_assembly("")
    for name, part in parts.items():
        module.link_in(binding.parse_assembly(str(_c_function(name, part))))
    reached: dict[Part, None] = {}
    _reach(parts.values(), reached)
    for part in reached:
        module.link_in(binding.parse_assembly(part.code))
    for library in dict.fromkeys(library for part in reached for library in part.libraries):
        module.link_in(library._get_module_for_linking(), preserve=True)
    for function in module.functions:
        if not function.is_declaration and function.name not in parts:
            function.linkage = "internal"
    for part in reached:
        for attribute in part.attributes:
            module.get_function(part.descriptor.mangled_name).add_function_attribute(attribute)
    return module


@contextmanager
def _little_garbage_collection() -> Iterator[None]:
    """Look for garbage seldom: of a compilation it finds little, and by default it takes a twelfth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], _ALLOCATIONS), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _kind_of(value: Any) -> Any:
    return pointer_to(cast(Any, type(value.record))) if isinstance(value, Shared) else _NUMBERS[type(value)]


def _reach(parts: Iterable[Part], reached: dict[Part, None]) -> None:
    for part in parts:
        if part not in reached:
            reached[part] = None
            _reach(part.kernels, reached)


def _introduce_kernels() -> None:
    for kernel, attributes in kernels[len(_introduced) :]:
        _introduce(kernel, philox_words.philox if kernel is philox.philox else kernel, attributes)
        _introduced.append(kernel)


def _introduce(kernel: Function, body: Function, attributes: tuple[str, ...]) -> None:
    """Let compiled code call a kernel."""

    def type_of_call(*arguments: Any) -> Any:
        return _part(body, tuple(map(types.unliteral, arguments)), attributes).signature

    def call(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        part = _parts[body, signature.args]
        _called[context.active_code_library].append(part)
        return context.call_internal(builder, part.descriptor, signature, arguments)

    cast(Any, type_of_call).pysig = inspect.signature(kernel)
    extending.type_callable(kernel)(lambda _: type_of_call)
    extending.lower_builtin(kernel, cast(Any, types.VarArg)(types.Any))(call)


def _part(kernel: Function, arguments: tuple[Any, ...], attributes: tuple[str, ...]) -> Part:
    """The kernel for these kinds of arguments. A constant is a number like others: it makes no kernel anew."""
    if (kernel, arguments) not in _parts:
        _parts[kernel, arguments] = _translate(kernel, arguments, attributes)
        _tell(len(_parts))
    return _parts[kernel, arguments]


def _translate(kernel: Function, arguments: tuple[Any, ...], attributes: tuple[str, ...]) -> Part:
    """No fast-math: bits must not depend on the caller. No counting of references: kernels allocate nothing.

    No rewrites: they serve expressions of whole arrays, and look for constants to leave out branches.
    """
    flags = _Flags()
    flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = flags.no_rewrites = True
    flags.error_model, flags.boundscheck = "numpy", bool(config.BOUNDSCHECK)
    typing, context = target.typing_context, target.target_context
    library = context.codegen().create_library(kernel.__qualname__)
    _called[library] = []
    found = _Compiler(typing, context, library, arguments, None, flags, {}).compile_extra(kernel)
    called, libraries = tuple(_called.pop(library)), tuple(library._linking_libraries)
    return Part(found.signature, found.fndesc, library.get_llvm_str(), attributes, called, libraries)


def _tell(done: int) -> None:
    """Say that the model is being compiled, and now and then how far it is."""
    if done == 1:
        _LOG.warning("compiling the model, which takes about a minute and is done once")
    elif done % (len(kernels) // _STEPS) == 0:
        _LOG.warning("compiling the model: %d of %d functions", done, len(kernels))


def _c_function(name: str, part: Part) -> ir.Module:
    """The code of a C function that calls a kernel."""
    context, kinds, result = target.target_context, part.signature.args, part.signature.return_type
    module, failed = ir.Module(name), ir.IntType(32)
    slot = types.float64 if result == types.float64 else types.int64
    places = [*map(context.get_value_type, kinds), context.get_value_type(slot).as_pointer()]
    function = ir.Function(module, ir.FunctionType(failed, places), name)
    builder = ir.IRBuilder(function.append_basic_block())
    *arguments, place = function.args
    callee = context.declare_function(module, part.descriptor)
    status, value = context.call_conv.call_function(builder, callee, result, kinds, arguments)
    if result != types.none:
        builder.store(context.cast(builder, value, result, slot), place)
    builder.ret(builder.zext(status.is_error, failed))
    return module
