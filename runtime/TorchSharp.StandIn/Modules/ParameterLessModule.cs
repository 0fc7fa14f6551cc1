namespace TorchSharp.Modules;

/// <summary>A module without state: registering anything in it is refused.</summary>
public abstract class ParameterLessModule<T1, TResult> : torch.nn.Module<T1, TResult>
{
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) => throw Refusal("buffers");

    public override void register_parameter(string name, Parameter param) => throw Refusal("parameters");

    public override void register_module(string name, torch.nn.Module submodule) => throw Refusal("sub-modules");

    // Nothing to move, so no move is refused.
    protected internal override torch.nn.Module _to(torch.Device device, torch.ScalarType dtype, bool non_blocking) => this;

    protected internal override torch.nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    protected internal override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => this;

    private InvalidOperationException Refusal(string what) => new($"Module '{GetName()}' can't hold {what}.");
}
