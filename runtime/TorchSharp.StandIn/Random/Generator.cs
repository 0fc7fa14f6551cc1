using System.Numerics;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>xoshiro256++ seeded by SplitMix64: the same numbers on every machine. They are not the numbers of libtorch.</summary>
    public class Generator : IDisposable
    {
        private const int StateBytes = 56;
        private readonly Lock gate = new();
        private Xoshiro state;
        private ulong seedValue;
        private bool hasSpare;
        private double spare;

        public Generator(ulong seed = 0, Device? device = null)
        {
            Require(device);
            Seed(seed);
        }

        public static Generator Default { get; } = new(67280421310721);

        public Device device => CPU;

        public Generator manual_seed(long seed)
        {
            Seed((ulong)seed);
            return this;
        }

        public long initial_seed() => (long)seedValue;

        public long seed()
        {
            Span<byte> random = stackalloc byte[8];
            System.Security.Cryptography.RandomNumberGenerator.Fill(random);
            Seed(BitConverter.ToUInt64(random) >> 1);
            return initial_seed();
        }

        /// <summary>Everything that decides the next numbers, as bytes.</summary>
        public Tensor get_state()
        {
            lock (gate)
            {
                ulong[] words = [state.A, state.B, state.C, state.D, seedValue, hasSpare ? 1UL : 0, BitConverter.DoubleToUInt64Bits(spare)];
                return tensor(MemoryMarshal.AsBytes(words.AsSpan()).ToArray());
            }
        }

        public void set_state(Tensor value)
        {
            if (value.dtype != ScalarType.Byte || value.numel() != StateBytes)
                throw Shapes.Error($"RNG state must be a torch.ByteTensor of {StateBytes} bytes");
            using Tensor packed = value.Packed();
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(packed.bytes);
            lock (gate)
            {
                state = new() { A = words[0], B = words[1], C = words[2], D = words[3] };
                seedValue = words[4];
                hasSpare = words[5] != 0;
                spare = BitConverter.UInt64BitsToDouble(words[6]);
            }
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Uniform on [0, 1) in steps of 2^-24.</summary>
        internal void Uniform(Span<float> target)
        {
            lock (gate)
            {
                // A local copy stays in registers.
                Xoshiro local = state;
                foreach (ref float value in target)
                    value = (local.Next() >> 40) * (1f / (1 << 24));
                state = local;
            }
        }

        /// <summary><paramref name="value"/> with the probability given, 0 otherwise; two draws of 32 bits from each number.</summary>
        internal void Mask(Span<float> target, double probability, float value)
        {
            long limit = (long)(Math.Clamp(probability, 0, 1) * (1L << 32));
            int pattern = BitConverter.SingleToInt32Bits(value);
            lock (gate)
            {
                Xoshiro local = state;
                ulong bits = 0;
                for (int i = 0; i < target.Length; i++)
                {
                    bits = i % 2 == 0 ? local.Next() : bits >> 32;

                    // The sign of the difference as a mask: a branch here would be mispredicted half of the time.
                    target[i] = BitConverter.Int32BitsToSingle(pattern & (int)(((uint)bits - limit) >> 63));
                }

                state = local;
            }
        }

        /// <summary>Uniform on [0, 1) in steps of 2^-53.</summary>
        internal double Uniform()
        {
            lock (gate)
                return UniformDouble();
        }

        internal void Normal(Span<float> target, double mean, double std)
        {
            lock (gate)
            {
                foreach (ref float value in target)
                    value = (float)(mean + (std * NormalDouble()));
            }
        }

        /// <summary>Without bias on [0, bound).</summary>
        internal long Below(long bound)
        {
            ulong range = (ulong)bound;
            ulong limit = ulong.MaxValue - (((ulong.MaxValue % range) + 1) % range);
            lock (gate)
            {
                ulong draw;
                do
                    draw = state.Next();
                while (draw > limit);
                return (long)(draw % range);
            }
        }

        protected virtual void Dispose(bool disposing)
        {
            // The managed state owns nothing.
        }

        private void Seed(ulong seed)
        {
            lock (gate)
            {
                seedValue = seed;
                hasSpare = false;
                state = new() { A = Mix(ref seed), B = Mix(ref seed), C = Mix(ref seed), D = Mix(ref seed) };
            }

            static ulong Mix(ref ulong x)
            {
                x += 0x9E3779B97F4A7C15;
                ulong z = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
                return z ^ (z >> 31);
            }
        }

        private double UniformDouble() => (state.Next() >> 11) * (1.0 / (1L << 53));

        /// <summary>Box and Muller's pair, the second one kept for the next call.</summary>
        private double NormalDouble()
        {
            if (hasSpare)
            {
                hasSpare = false;
                return spare;
            }

            double radius = Math.Sqrt(-2 * Math.Log(1 - UniformDouble()));
            (double sin, double cos) = Math.SinCos(2 * Math.PI * UniformDouble());
            (hasSpare, spare) = (true, radius * sin);
            return radius * cos;
        }

        private struct Xoshiro
        {
            public ulong A;
            public ulong B;
            public ulong C;
            public ulong D;

            public ulong Next()
            {
                ulong result = BitOperations.RotateLeft(A + D, 23) + A;
                ulong shifted = B << 17;
                C ^= A;
                D ^= B;
                B ^= C;
                A ^= D;
                C ^= shifted;
                D = BitOperations.RotateLeft(D, 45);
                return result;
            }
        }
    }

    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

    public static long initial_seed() => Generator.Default.initial_seed();

    public static long seed() => Generator.Default.seed();

    public static Tensor get_rng_state() => Generator.Default.get_state();

    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long initial_seed() => torch.initial_seed();

        public static long seed() => torch.seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
