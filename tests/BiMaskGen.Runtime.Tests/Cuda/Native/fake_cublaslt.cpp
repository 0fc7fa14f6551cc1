// cuBLASLt: column-major products with fp32 operands, results and sums in double.
#include "fake.h"

struct Handle
{
    bool alive = true;
};

struct Description
{
    int trans_a = 0, trans_b = 0, epilogue = 1;
    const void* bias = nullptr;
};

struct Layout
{
    int type;
    long long rows, columns, pitch;
};

struct Preference
{
    unsigned long long workspace = 0;
};

// Sizes as in the public header: results are read as an array of 96 bytes each.
struct Heuristic
{
    unsigned long long algorithm[8];
    size_t workspace;
    int state;
    float waves;
    int reserved[4];
};
static_assert(sizeof(Heuristic) == 96, "cublasLtMatmulHeuristicResult_t");

static const unsigned long long Algorithm = 0x5EED;
static const size_t Workspace = 1 << 20;

template <typename T> static int make(const char* function, Kind kind, T** object, T value)
{
    FAKE_ENTER(function)
    *object = new T(value);
    fake().live[kind]++;
    return 0;
}

template <typename T> static int unmake(const char* function, Kind kind, T* object)
{
    FAKE_ENTER(function)
    delete object;
    fake().live[kind]--;
    return 0;
}

FAKE size_t cublasLtGetVersion() { return 120800; }

FAKE const char* cublasLtGetStatusName(int code) { return code == 3 ? "CUBLAS_STATUS_ALLOC_FAILED" : code == 15 ? "CUBLAS_STATUS_NOT_SUPPORTED" : "CUBLAS_STATUS_FAKE"; }

FAKE int cublasLtCreate(Handle** handle)
{
    if (!fake_has_context())
    {
        return 1;
    }

    return make("cublasLtCreate", BlasHandleKind, handle, Handle());
}

FAKE int cublasLtDestroy(Handle* handle) { return unmake("cublasLtDestroy", BlasHandleKind, handle); }

FAKE int cublasLtMatmulDescCreate(Description** description, int compute, int scale)
{
    if (compute != 68 || scale != 0)
    {
        return 7;
    }

    return make("cublasLtMatmulDescCreate", BlasDescriptionKind, description, Description());
}

FAKE int cublasLtMatmulDescDestroy(Description* description) { return unmake("cublasLtMatmulDescDestroy", BlasDescriptionKind, description); }

FAKE int cublasLtMatmulDescSetAttribute(Description* description, int attribute, const void* value, size_t size)
{
    FAKE_ENTER("cublasLtMatmulDescSetAttribute")
    if (size != (attribute == 8 ? 8u : 4u))
    {
        return 7;
    }

    switch (attribute)
    {
        case 3: description->trans_a = *(const int*)value; return 0;
        case 4: description->trans_b = *(const int*)value; return 0;
        case 7: description->epilogue = *(const int*)value; return 0;
        case 8: description->bias = *(const void* const*)value; return 0;
        default: return 7;
    }
}

FAKE int cublasLtMatrixLayoutCreate(Layout** layout, int type, unsigned long long rows, unsigned long long columns, long long pitch)
{
    return make("cublasLtMatrixLayoutCreate", BlasLayoutKind, layout, Layout{type, (long long)rows, (long long)columns, pitch});
}

FAKE int cublasLtMatrixLayoutDestroy(Layout* layout) { return unmake("cublasLtMatrixLayoutDestroy", BlasLayoutKind, layout); }

FAKE int cublasLtMatmulPreferenceCreate(Preference** preference) { return make("cublasLtMatmulPreferenceCreate", BlasPreferenceKind, preference, Preference()); }

FAKE int cublasLtMatmulPreferenceDestroy(Preference* preference) { return unmake("cublasLtMatmulPreferenceDestroy", BlasPreferenceKind, preference); }

FAKE int cublasLtMatmulPreferenceSetAttribute(Preference* preference, int attribute, const void* value, size_t size)
{
    FAKE_ENTER("cublasLtMatmulPreferenceSetAttribute")
    if (attribute != 1 || size != 8)
    {
        return 7;
    }

    preference->workspace = *(const unsigned long long*)value;
    return 0;
}

// Shapes that do not fit are refused, as the library does.
static int check(const Description* description, const Layout* a, const Layout* b, const Layout* d)
{
    const long long m = description->trans_a ? a->columns : a->rows, k = description->trans_a ? a->rows : a->columns;
    const long long n = description->trans_b ? b->rows : b->columns, depth = description->trans_b ? b->columns : b->rows;
    return k == depth && d->rows == m && d->columns == n && a->type == b->type && (d->type == a->type || d->type == 0) ? 0 : 7;
}

FAKE int cublasLtMatmulAlgoGetHeuristic(
    Handle*, const Description* description, const Layout* a, const Layout* b, const Layout*, const Layout* d, const Preference* preference, int wanted, Heuristic* results, int* found)
{
    FAKE_ENTER("cublasLtMatmulAlgoGetHeuristic")
    *found = 0;
    if (int problem = check(description, a, b, d))
    {
        return problem;
    }

    if (wanted > 0 && preference->workspace >= Workspace)
    {
        memset(results, 0, sizeof(Heuristic));
        results[0].algorithm[0] = Algorithm;
        results[0].workspace = Workspace;
        *found = 1;
    }

    return 0;
}

FAKE int cublasLtMatmul(
    Handle*, const Description* description, const float* alpha, const void* a, const Layout* la, const void* b, const Layout* lb, const float* beta, const void* c,
    const Layout*, void* d, const Layout* ld, const unsigned long long* algorithm, void* workspace, size_t bytes, void* stream)
{
    FAKE_ENTER("cublasLtMatmul")
    if (int problem = check(description, la, lb, ld))
    {
        return problem;
    }

    if (!fake_has_context() || algorithm[0] != Algorithm || bytes < Workspace || workspace == nullptr)
    {
        return 7;
    }

    memset(workspace, 0xAB, Workspace);
    const long long depth = description->trans_a ? la->rows : la->columns;
    for (long long j = 0; j < ld->columns; j++)
    {
        for (long long i = 0; i < ld->rows; i++)
        {
            double sum = 0;
            for (long long k = 0; k < depth; k++)
            {
                const long long at_a = description->trans_a ? i * la->pitch + k : k * la->pitch + i;
                const long long at_b = description->trans_b ? k * lb->pitch + j : j * lb->pitch + k;
                sum += (double)fake_widen(la->type, a, at_a) * fake_widen(lb->type, b, at_b);
            }

            const long long at = j * ld->pitch + i;
            float value = (float)(*alpha * sum + (*beta == 0 ? 0 : *beta * fake_widen(ld->type, c, at)));
            value += description->epilogue & 4 ? fake_widen(ld->type, description->bias, i) : 0;
            value = (description->epilogue & 2) && value < 0 ? 0 : value;
            fake_narrow(ld->type, d, at, value);
        }
    }

    fake().stream_work[stream]++;
    return 0;
}
