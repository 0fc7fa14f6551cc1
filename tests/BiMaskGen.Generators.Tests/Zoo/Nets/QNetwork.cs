// emits: Agents.QNetwork: redirected 2 of 2 calls.
using System;
using System.Collections.Generic;
using BiMaskGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Agents;

[NMSparse(2, 4, Decay = 0)]
public sealed partial class QNetwork : Module<Tensor, Tensor>
{
    private readonly Linear fc1 = Linear(128, 256), fc2 = Linear(256, 256);
    [KeepDense] private readonly Linear values = Linear(256, 6);

    public QNetwork() : base("q") => RegisterComponents();

    public override Tensor forward(Tensor x) => values.call(relu(fc2.call(relu(fc1.call(x)))));
}

/// <summary>An agent is no module: two networks, Adam, and a replay buffer. Without decay there is nothing that Adam could spoil.</summary>
public sealed class Agent : IDisposable
{
    private readonly QNetwork _online = new(), _target = new();
    private readonly optim.Optimizer _optimizer;
    private readonly Queue<(Tensor State, long Action, float Reward)> _replay = new();
    private readonly CrossEntropyLoss _loss = CrossEntropyLoss();

    public Agent() => _optimizer = optim.Adam(_online.parameters(), lr: 1e-4);

    public void Remember(Tensor state, long action, float reward) => _replay.Enqueue((state, action, reward));

    public float Learn()
    {
        (Tensor state, long action, float reward) = _replay.Dequeue();
        using Tensor target = _target.call(state).detach();
        using Tensor loss = _loss.call(_online.call(state), target + reward + action);
        _optimizer.zero_grad();
        loss.backward();
        _optimizer.step();
        return loss.item<float>();
    }

    public void Synchronize() => _target.load_state_dict(_online.state_dict());

    public void Dispose()
    {
        _optimizer.Dispose();
        _online.Dispose();
        _target.Dispose();
    }
}
