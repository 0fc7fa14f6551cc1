// Lets clang compile the CUDA sources for a GPU without NVIDIA's headers: what NVRTC knows by itself, by clang's own builtins.
#pragma once

#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define __forceinline__ __inline__ __attribute__((always_inline))
#define __launch_bounds__(n) __attribute__((launch_bounds(n)))
#define __align__(n) __attribute__((aligned(n)))
#define __grid_constant__
struct Index
{
    unsigned x;
};
#define threadIdx (Index{(unsigned)__nvvm_read_ptx_sreg_tid_x()})
struct BlockIndex
{
    unsigned x, y;
};
#define blockIdx (BlockIndex{(unsigned)__nvvm_read_ptx_sreg_ctaid_x(), (unsigned)__nvvm_read_ptx_sreg_ctaid_y()})
#define gridDim (BlockIndex{(unsigned)__nvvm_read_ptx_sreg_nctaid_x(), (unsigned)__nvvm_read_ptx_sreg_nctaid_y()})
__device__ static inline unsigned __reduce_add_sync(unsigned mask, unsigned v) { unsigned r; asm volatile("redux.sync.add.u32 %0, %1, %2;" : "=r"(r) : "r"(v), "r"(mask)); return r; }
__device__ static inline void atomicAdd(unsigned* p, unsigned v) { __nvvm_atom_add_gen_i((int*)p, (int)v); }
__device__ static inline void atomicAdd(unsigned long long* p, unsigned long long v) { __nvvm_atom_add_gen_ll((long long*)p, (long long)v); }
__device__ static inline void atomicOr(unsigned* p, unsigned v) { __nvvm_atom_or_gen_i((int*)p, (int)v); }
__device__ static inline unsigned __float_as_uint(float f) { return __nvvm_bitcast_f2i(f); }
__device__ static inline float __uint_as_float(unsigned u) { return __nvvm_bitcast_i2f((int)u); }
extern "C" __device__ float erff(float);
extern "C" __device__ float expf(float);
