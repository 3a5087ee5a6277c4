"""CUDA graphs. A step of small networks is thousands of short kernels, and the GPU waits for the launch of each. A graph records
the kernels once and launches them together."""

import torch

# Steps before recording, in which kernels are selected and optimisers allocate their state.
WARM_UP = 3


class Recorded:
    """Calls `work`, on a GPU as a CUDA graph. One graph is recorded for each combination of arguments, so there should be few. `work` must
    write its results into existing tensors and must not synchronise; Python branches in it are fixed when recording."""

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
        """Runs `work` on a separate stream, which CUDA requires before recording."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            self.work(*kind)
        torch.cuda.current_stream().wait_stream(stream)
