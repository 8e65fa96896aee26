"""Several single-threaded processes that train one network: each has its own batches, gradients are averaged per step.

On a CPU shared with other work this is far faster than one process with several OpenMP threads, whose every layer
waits for the slowest thread.
"""
import torch
import torch.multiprocessing as multiprocessing


class Gang:
    """Shared memory for `size` processes. Made before they are forked; each then sets its own `rank`."""

    def __init__(self, size, parameters):
        self.size, self.rank, self.turn = size, 0, 0
        self.barrier = multiprocessing.get_context("fork").Barrier(size) if size > 1 else None
        self.gradients = torch.zeros(2, size, parameters).share_memory_()
        self.progress = torch.zeros(2, dtype=torch.float64).share_memory_()
        self.tally = torch.zeros(size, 3, dtype=torch.int64).share_memory_()  # samples, forwards, batch number

    def sync(self, model, progress):
        """Replaces the gradients by their mean over the processes; everybody goes on with rank 0's progress."""
        if self.size == 1:
            return progress
        gradients, self.turn = self.gradients[self.turn], 1 - self.turn
        if self.rank == 0:
            self.progress[1 - self.turn] = progress
        wanted = [p for p in model.parameters() if p.grad is not None]
        gradients[self.rank].copy_(torch.cat([p.grad.flatten() for p in wanted]))
        self.barrier.wait(900)
        mean = gradients.mean(0)
        for parameter, part in zip(wanted, mean.split([p.numel() for p in wanted])):
            parameter.grad.copy_(part.view_as(parameter))
        return float(self.progress[1 - self.turn])


def start(gang, work):
    """Runs work(rank) in gang.size processes, rank 0 in this one."""
    context = multiprocessing.get_context("fork")
    others = [context.Process(target=work, args=(rank,)) for rank in range(1, gang.size)]
    for process in others:
        process.start()
    work(0)
    for process in others:
        process.join(60)
