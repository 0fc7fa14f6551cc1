using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Stochastic gradient descent with momentum, weight decay and Nesterov's look-ahead.</summary>
    public class SGD : OptimizerHelper, optim.IMomentum
    {
        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
            bool nesterov = false, bool maximize = false)
            : this([new ParamGroup(parameters, new Options())], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
            bool nesterov = false, bool maximize = false)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(lr);
            ArgumentOutOfRangeException.ThrowIfNegative(momentum);
            ArgumentOutOfRangeException.ThrowIfNegative(weight_decay);
            if (nesterov && (momentum == 0 || dampening != 0))
            {
                throw new ArgumentException("Nesterov momentum needs a momentum and no dampening.", nameof(nesterov));
            }
            _defaults = ParamGroup.Settings(lr, momentum, dampening, weight_decay, nesterov, maximize);
            foreach (var group in parameters)
            {
                add_param_group(group);
            }
        }

        public double Momentum
        {
            get => ((Options)_defaults).momentum!.Value;
            set
            {
                ((Options)_defaults).momentum = value;
                foreach (var group in _parameter_groups)
                {
                    ((Options)group.Options).momentum = value;
                }
            }
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Step<Options>(closure, Update);

        internal override OptimizerState CreateState(Parameter parameter) => new State(parameter);

        private static void Update(Parameter parameter, Tensor gradient, Options options, OptimizerState memory)
        {
            var state = (State)memory;
            var first = state.momentum_buffer is null;
            if (first && options.momentum != 0)
            {
                state.momentum_buffer = state.ZerosLikeOwner();
            }
            FusedUpdate.Run(parameter, gradient, (values, slope) =>
                FusedUpdate.Sgd(values, slope, options.momentum != 0 ? state.momentum_buffer!.Impl.Span<float>() : [], first, options));
        }

        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;

            internal override double?[] Values
            {
                get => [momentum, dampening, weight_decay, Flag(nesterov), Flag(maximize)];
                set => (momentum, dampening, weight_decay, nesterov, maximize) = (value[0], value[1], value[2], Flag(value[3]), Flag(value[4]));
            }
        }

        public class ParamGroup : ParamGroup<Options>, optim.IMomentum
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false)
                : base(parameters, Settings(lr, momentum, dampening, weight_decay, nesterov, maximize))
            {
            }

            public double Momentum
            {
                get => Options.momentum!.Value;
                set => Options.momentum = value;
            }

            internal static Options Settings(double lr, double momentum, double dampening, double weightDecay, bool nesterov, bool maximize) => new()
            {
                LearningRate = lr,
                InitialLearningRate = lr,
                momentum = momentum,
                dampening = dampening,
                weight_decay = weightDecay,
                nesterov = nesterov,
                maximize = maximize,
            };
        }

        public sealed class State : OptimizerState, IDisposable
        {
            public Tensor? momentum_buffer;

            public State(Parameter parameter)
                : base(parameter)
            {
            }

            internal override long StepCount { get; set; }

            internal override Tensor?[] Slots
            {
                get => [momentum_buffer];
                set => momentum_buffer = value[0];
            }

            internal override void Reset(OptimizerOptions options) => Release();

            public void Dispose() => Release();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.SGD SGD(IEnumerable<Modules.Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static Modules.SGD SGD(IEnumerable<(string name, Modules.Parameter parameter)> parameters, double learningRate, double momentum = 0,
                double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static Modules.SGD SGD(IEnumerable<Modules.SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
