"""What can go wrong, each said in a sentence."""


class ZampleError(Exception):
    """The base of this package's exceptions."""


class EngineNotFound(ZampleError):
    """Nobody publishes there, or it is not clear which of several engines was meant."""


class EngineGone(ZampleError):
    """The engine ended without saying so (it was killed, or it crashed), or it no longer answers."""
