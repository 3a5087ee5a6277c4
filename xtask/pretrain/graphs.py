"""A step of small networks is thousands of short kernels: a graphics card waits for the program to ask for each. Recorded once and
replayed, they are asked for together."""

import torch

# Steps before the recording: kernels are chosen, and optimisers get their state.
WARM_UP = 3


class Recorded:
    """`work`, which may be called with few different arguments, and on a graphics card must leave its results in place and not wait for
    any: what Python decides in it is decided once for each of the arguments."""

    def __init__(self, work, device):
        self.work, self.card = work, device.type == "cuda"
        self.graphs, self.calls = {}, {}

    def __call__(self, *kind):
        if not self.card:
            return self.work(*kind)
        if kind not in self.graphs:
            self.calls[kind] = self.calls.get(kind, 0) + 1
            if self.calls[kind] <= WARM_UP:
                return self.beside(*kind)
            self.graphs[kind] = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graphs[kind]):
                self.work(*kind)
        self.graphs[kind].replay()
        torch.cuda.synchronize()

    def beside(self, *kind):
        """On a stream of its own, as recording asks of what goes before it."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            self.work(*kind)
        torch.cuda.current_stream().wait_stream(stream)
