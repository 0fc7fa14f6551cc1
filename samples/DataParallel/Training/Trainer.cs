using System.Diagnostics;
using Digits;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DataParallel;

/// <summary>
/// Data-parallel training: every rank has the whole model and a part of each batch, gradients are averaged before the optimizer's step. Masks and
/// permutations need no exchange: they are a pure function of weights, step and seed, and those are the same everywhere.
/// </summary>
internal sealed class Trainer(IRanks ranks, Settings settings)
{
    private const double LearningRate = 0.1, Momentum = 0.9;
    private const int Images = 3000;

    /// <exception cref="InvalidDataException">The batch cannot be shared out, or ranks went apart.</exception>
    public void Run()
    {
        if (settings.Batch % ranks.Size != 0)
        {
            throw new InvalidDataException($"A batch of {settings.Batch} rows cannot be shared out evenly over {ranks.Size} ranks: choose a multiple.");
        }

        DigitSet data = DrawnDigits.Draw(Images, seed: 1);
        manual_seed(settings.Seed + ranks.Rank);
        using SparseMlp model = new();
        Bucket bucket = new(ranks);
        // Whatever the ranks began with, they go on with the weights of rank 0.
        bucket.Broadcast([.. model.parameters()]);
        using SGD optimizer = optim.SGD(model.parameters(), LearningRate, Momentum);
        using JoinedReference? reference = settings.Check && ranks.Rank == 0 ? new(LearningRate, Momentum) : null;
        Random batches = new(settings.Seed);

        for (int step = 1; step <= settings.Steps; step++)
        {
            using var scope = NewDisposeScope();
            FailIfAsked(step);
            long[] joined = [.. Enumerable.Range(0, settings.Batch).Select(_ => batches.NextInt64(data.Count))];
            long[] own = [.. joined.Where((_, i) => i % ranks.Size == ranks.Rank)];
            reference?.Take(model);

            optimizer.zero_grad();
            float[] loss = [Backward(model, data, own)];
            bucket.Average([.. model.parameters().Select(p => p.grad!)]);
            ranks.Sum(loss);
            loss[0] /= ranks.Size;
            reference?.CheckGradients(model, data, joined, loss[0], step);
            optimizer.step();
            reference?.CheckWeights(model, step);

            if (!ranks.Agree(ModelState.Hash(model)))
            {
                throw new InvalidDataException($"Step {step}: weights, permutations or masks differ between ranks.");
            }

            if (ranks.Rank == 0 && (step % 10 == 0 || step == settings.Steps))
            {
                Console.WriteLine(FormattableString.Invariant($"step {step}: loss {loss[0]:F4}"));
            }
        }

        if (ranks.Rank == 0)
        {
            Console.WriteLine($"{settings.Steps} steps on {ranks.Size} {(ranks.Size == 1 ? "process" : "processes")}: weights, masks and permutations agree.");
            Console.Write(reference?.Summary);
        }
    }

    /// <summary>Gradients of the mean loss over some rows.</summary>
    public static float Backward(SparseMlp model, DigitSet data, long[] rows)
    {
        using Tensor index = tensor(rows);
        Tensor loss = cross_entropy(model.call(data.Inputs.index_select(0, index)), data.Labels.index_select(0, index));
        loss.backward();
        return loss.item<float>();
    }

    private void FailIfAsked(int step)
    {
        if (ranks.Rank == settings.FailRank && step == settings.FailStep)
        {
            Console.Error.WriteLine($"Rank {ranks.Rank} dies at step {step}, as asked.");
            Process.GetCurrentProcess().Kill();
        }
    }
}
