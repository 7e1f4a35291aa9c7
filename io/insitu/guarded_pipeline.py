# script-version: 2.0
"""Runs the Catalyst script of a user inside ParaView and tells the plug-in when it fails.

ParaView itself prints the exception of a script and goes on. Here all ranks agree on it before any
of them begins what only all can do together, such as a picture. Script, folder and the rest come
from the plug-in (catalyst_plugin.cpp) with the data of each call.
"""
import ctypes
import importlib
import os
import traceback

from paraview import servermanager
from paraview.catalyst import Options, detail, v2_internals


class _Talk:
    """The texts through which the plug-in and this module speak, by their places."""
    SCRIPT, FOLDER, DISPLAY, AGREE, CONTEXT, ERROR = range(6)

    def __init__(self):
        data = detail._get_active_data_description().GetUserData()
        self._texts = data.GetAbstractArray("symwave")

    def get(self, place):
        return self._texts.GetValue(place)

    def fail(self, sentence):
        if not self.get(self.ERROR):
            self._texts.SetValue(self.ERROR, sentence)

    def any_failed(self, failed):
        """Collective: whether this or another rank has failed."""
        call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)(
            int(self.get(self.AGREE)))
        return call(int(self.get(self.CONTEXT)), int(failed)) != 0


class ScriptFailed(RuntimeError):
    """The script of this or of another rank has failed."""


def _sentence(error, script):
    """File and line, as near to the script as there are any, and what Python says."""
    what = " ".join("".join(traceback.format_exception_only(type(error), error)[-1:]).split())
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}: {what}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if os.path.abspath(frame.filename) == script] or frames
    return f"{own[-1].filename}:{own[-1].lineno}: {what}"


def _guarded(work, *arguments):
    """Calls work(*arguments) on every rank; ScriptFailed on all of them where one has failed."""
    talk = _Talk()
    result, failed = None, False
    try:
        result = work(*arguments)
    except BaseException as error:  # a script may well call exit()
        failed = True
        talk.fail(_sentence(error, os.path.abspath(talk.get(talk.SCRIPT))))
    if talk.any_failed(failed):
        raise ScriptFailed()
    return result


def _no_display(*_arguments, **_more):
    raise RuntimeError("it renders, and there is no X display: start the job under xvfb-run")


def _load():
    """The module of the script, with its output below the folder of the run."""
    talk = _Talk()
    if talk.get(talk.DISPLAY) == "0":
        servermanager._create_view = _no_display
    module = importlib.import_module(v2_internals.register_module(talk.get(talk.SCRIPT)))
    chosen = getattr(module, "options", None) or Options()
    chosen.ExtractsOutputDirectory = os.path.join(os.path.abspath(talk.get(talk.FOLDER)),
                                                  chosen.ExtractsOutputDirectory)
    return module, chosen


_module, options = _guarded(_load)

if hasattr(_module, "RequestDataDescription"):
    def RequestDataDescription(description):
        _guarded(_module.RequestDataDescription, description)


def catalyst_initialize():
    if hasattr(_module, "catalyst_initialize"):
        _guarded(_module.catalyst_initialize)


def catalyst_execute(info):
    _guarded(getattr(_module, "catalyst_execute", lambda info: None), info)


def catalyst_finalize():
    if hasattr(_module, "catalyst_finalize"):
        _module.catalyst_finalize()
