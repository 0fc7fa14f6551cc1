using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>What a scheduler needs of a parameter group.</summary>
        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        /// <summary>A group with a momentum.</summary>
        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        /// <summary>A group with the two decay rates of Adam.</summary>
        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }

        /// <summary>Base of all optimizers.</summary>
        public abstract partial class Optimizer : IDisposable
        {
            protected IList<ParamGroup> _parameter_groups = [];

            protected Optimizer(IntPtr handle)
            {
                if (handle != IntPtr.Zero)
                {
                    throw new NotSupportedException("There are no native optimizers here.");
                }
            }

            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

            public virtual void zero_grad()
            {
                foreach (var parameter in parameters())
                {
                    nn.Module.ClearGradient(parameter, setToNone: false);
                }
            }

            public virtual void add_param_group(ParamGroup param_group) => throw NotOverridden(nameof(add_param_group));

            public virtual Tensor? step(Func<Tensor>? closure = null) => throw NotOverridden(nameof(step));

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (disposing)
                {
                    ReleaseState();
                }
            }

            internal abstract void ReleaseState();

            private NotImplementedException NotOverridden(string member) => new($"{GetType().Name} has no {member}.");

            /// <summary>Hyperparameters per group, state per parameter, and which state belongs to which group.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; } = [];

                public List<OptimizerState> State { get; } = [];

                public List<List<int>> StateIndexRef { get; } = [];
            }
        }
    }
}
