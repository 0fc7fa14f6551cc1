namespace TorchSharp.Autograd
{
    /// <summary>Whether operations of this thread are recorded.</summary>
    internal sealed class GradMode : IDisposable
    {
        [ThreadStatic]
        private static bool disabled;

        [ThreadStatic]
        private static bool inference;

        private readonly (bool Disabled, bool Inference) previous = (disabled, inference);

        public GradMode(bool enabled, bool inferenceMode = false)
        {
            disabled = !enabled;
            inference = inferenceMode;
        }

        public static bool Enabled => !disabled;

        public static bool Inference => inference;

        public void Dispose() => (disabled, inference) = previous;
    }
}

namespace TorchSharp
{
    using TorchSharp.Autograd;

    public static partial class torch
    {
        public static IDisposable no_grad() => new GradMode(false, GradMode.Inference);

        public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled, GradMode.Inference);

        public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode, GradMode.Inference);

        public static IDisposable inference_mode(bool mode = true) => new GradMode(!mode && GradMode.Enabled, mode);

        public static bool is_grad_enabled() => GradMode.Enabled;

        public static bool is_inference_mode_enabled() => GradMode.Inference;
    }
}
