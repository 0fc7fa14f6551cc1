// cuSPARSELt: objects in the caller's memory; a compressed operand is the two values of each four and their places, so that whatever is not 2:4
// is lost and noticed. A handle that comes from another thread than its own is a violation.
#include "fake.h"

#include <pthread.h>

static const unsigned Mark = 0x53504C54;

// As large as the largest version of the library has it: whoever gives less memory is overwritten here.
static const size_t ObjectBytes = 13072;

struct Handle
{
    unsigned mark;
    pthread_t thread;
};

struct Matrix
{
    unsigned mark;
    long long rows, columns, pitch;
    int type, order;
    bool sparse;
};

struct Matmul
{
    unsigned mark;
    int trans_a, trans_b;
    Matrix a, b, d;
    const void* bias;
    int relu;
};

struct Selection
{
    unsigned mark;
    Matmul* matmul;
    int id, split_k, mode, buffers;
};

struct Plan
{
    unsigned mark;
    Matmul* matmul;
    Selection* selection;
    int id;

    // Read when the plan is made: a bias that is set later does not count.
    const void* bias;
};

static int use(const Handle* handle)
{
    if (handle->mark != Mark)
    {
        fake_violation("a handle is used that is not initialised");
        return 1;
    }

    if (!pthread_equal(handle->thread, pthread_self()))
    {
        fake_violation("a handle is used on another thread than its own");
    }

    return fake_has_context() ? 0 : 1;
}

#define USES(handle)             \
    if (int unusable = use(handle)) \
    {                            \
        return unusable;         \
    }

template <typename T> static void fill(T* object, const T& value)
{
    memset((void*)object, 0, ObjectBytes);
    *object = value;
}

template <typename T> static int unmake(const char* function, Kind kind, T* object)
{
    FAKE_ENTER(function)
    if (object->mark != Mark)
    {
        fake_violation(std::string(function) + " of what is not there");
        return 3;
    }

    object->mark = 0;
    fake().live[kind]--;
    return 0;
}

FAKE int cusparseLtGetProperty(int which, int* value)
{
    FAKE_ENTER("cusparseLtGetProperty")
    const int version = fake().sparse_version;
    *value = which == 0 ? version / 1000 : which == 1 ? version / 100 % 10 : version % 100;
    return 0;
}

FAKE int cusparseLtInit(Handle* handle)
{
    FAKE_ENTER("cusparseLtInit")
    if (!fake_has_context())
    {
        return 1;
    }

    fill(handle, Handle{Mark, pthread_self()});
    fake().live[SparseHandleKind]++;
    return 0;
}

FAKE int cusparseLtDestroy(Handle* handle) { return unmake("cusparseLtDestroy", SparseHandleKind, handle); }

static int matrix(const char* function, const Handle* handle, Matrix* object, Matrix value)
{
    FAKE_ENTER(function)
    USES(handle)
    const bool is_8_bit = fake_bytes(value.type) == 1;
    const long long multiple = (value.sparse ? 16 : 8) * (is_8_bit ? 2 : 1);
    if (value.rows % multiple != 0 || value.columns % multiple != 0 || (value.sparse && fake_bytes(value.type) == 4))
    {
        return 10;
    }

    // e4m3 begins with version 0.6.2, and on compute capability 8.9 with 0.8.0.
    if (value.type == FakeE4M3 && (fake().capability < 89 || fake().sparse_version < (fake().capability == 89 ? 800 : 602)))
    {
        return 10;
    }

    fill(object, value);
    fake().live[SparseMatrixKind]++;
    return 0;
}

FAKE int cusparseLtStructuredDescriptorInit(const Handle* handle, Matrix* object, long long rows, long long columns, long long pitch, unsigned, int type, int order, int)
{
    return matrix("cusparseLtStructuredDescriptorInit", handle, object, Matrix{Mark, rows, columns, pitch, type, order, true});
}

FAKE int cusparseLtDenseDescriptorInit(const Handle* handle, Matrix* object, long long rows, long long columns, long long pitch, unsigned, int type, int order)
{
    return matrix("cusparseLtDenseDescriptorInit", handle, object, Matrix{Mark, rows, columns, pitch, type, order, false});
}

FAKE int cusparseLtMatDescriptorDestroy(Matrix* object) { return unmake("cusparseLtMatDescriptorDestroy", SparseMatrixKind, object); }

FAKE int cusparseLtMatmulDescriptorInit(
    const Handle* handle, Matmul* object, int trans_a, int trans_b, const Matrix* a, const Matrix* b, const Matrix*, const Matrix* d, int compute)
{
    FAKE_ENTER("cusparseLtMatmulDescriptorInit")
    USES(handle)

    // The one form that is used: A row-major as it is, B row-major and transposed, D column-major; fp32 sums, or int32 sums of int8.
    const int result = a->type == FakeI8 ? FakeI32 : a->type == FakeE4M3 ? FakeF32 : a->type;
    if (trans_a != 0 || trans_b != 1 || compute != (a->type == FakeI8 ? 0 : 2) || d->type != result || !a->sparse || a->order != 2 || b->order != 2 || d->order != 1 || a->pitch != a->columns
        || b->columns != a->columns || d->rows != a->rows || d->columns != b->rows || d->pitch != d->rows || a->type != b->type)
    {
        return 3;
    }

    fill(object, Matmul{Mark, trans_a, trans_b, *a, *b, *d, nullptr, 0});
    return 0;
}

FAKE int cusparseLtMatmulDescSetAttribute(const Handle* handle, Matmul* object, int attribute, const void* value, size_t size)
{
    FAKE_ENTER("cusparseLtMatmulDescSetAttribute")
    USES(handle)
    if (attribute == 0 && size == 4)
    {
        object->relu = *(const int*)value;
        return 0;
    }

    if (attribute == 8 && size == 8)
    {
        object->bias = *(const void* const*)value;
        return 0;
    }

    return 3;
}

FAKE int cusparseLtMatmulAlgSelectionInit(const Handle* handle, Selection* object, Matmul* matmul, int algorithm)
{
    FAKE_ENTER("cusparseLtMatmulAlgSelectionInit")
    USES(handle)
    if (algorithm != 0)
    {
        return 3;
    }

    fill(object, Selection{Mark, matmul, 0, 1, 0, 0});
    fake().live[SparseSelectionKind]++;
    return 0;
}

FAKE int cusparseLtMatmulAlgSelectionDestroy(Selection* object) { return unmake("cusparseLtMatmulAlgSelectionDestroy", SparseSelectionKind, object); }

static int* property(Selection* selection, int attribute)
{
    return attribute == 0 ? &selection->id : attribute == 3 ? &selection->split_k : attribute == 4 ? &selection->mode : attribute == 5 ? &selection->buffers : nullptr;
}

FAKE int cusparseLtMatmulAlgSetAttribute(const Handle* handle, Selection* object, int attribute, const void* value, size_t size)
{
    FAKE_ENTER("cusparseLtMatmulAlgSetAttribute")
    USES(handle)
    if (size != 4 || property(object, attribute) == nullptr)
    {
        return 3;
    }

    *property(object, attribute) = *(const int*)value;
    return 0;
}

FAKE int cusparseLtMatmulAlgGetAttribute(const Handle* handle, Selection* object, int attribute, void* value, size_t size)
{
    FAKE_ENTER("cusparseLtMatmulAlgGetAttribute")
    USES(handle)
    if (size != 4 || property(object, attribute) == nullptr)
    {
        return 3;
    }

    *(int*)value = *property(object, attribute);
    return 0;
}

FAKE int cusparseLtMatmulPlanInit(const Handle* handle, Plan* object, Matmul* matmul, Selection* selection)
{
    FAKE_ENTER("cusparseLtMatmulPlanInit")
    USES(handle)
    fill(object, Plan{Mark, matmul, selection, selection->id, matmul->bias});
    fake().live[SparsePlanKind]++;
    return 0;
}

FAKE int cusparseLtMatmulPlanDestroy(Plan* object) { return unmake("cusparseLtMatmulPlanDestroy", SparsePlanKind, object); }

// Another algorithm wants another workspace.
static size_t workspace_of(const Plan* plan) { return plan->id == 0 ? 4096 : 65536; }

FAKE int cusparseLtMatmulGetWorkspace(const Handle* handle, const Plan* plan, size_t* bytes)
{
    FAKE_ENTER("cusparseLtMatmulGetWorkspace")
    USES(handle)
    *bytes = workspace_of(plan);
    return 0;
}

static long long values_of(const Matrix* matrix) { return matrix->rows * matrix->columns / 2; }

FAKE int cusparseLtSpMMACompressedSize2(const Handle* handle, const Matrix* matrix, size_t* compressed, size_t* buffer)
{
    FAKE_ENTER("cusparseLtSpMMACompressedSize2")
    USES(handle)
    *compressed = (size_t)values_of(matrix) * (fake_bytes(matrix->type) + 1);
    *buffer = 256;
    return 0;
}

FAKE int cusparseLtSpMMACompress2(
    const Handle* handle, const Matrix* matrix, int is_a, int operation, const unsigned char* dense, unsigned char* compressed, void* buffer, void* stream)
{
    FAKE_ENTER("cusparseLtSpMMACompress2")
    USES(handle)
    if (is_a != 1 || operation != 0 || buffer == nullptr)
    {
        return 3;
    }

    const int bytes = fake_bytes(matrix->type);
    unsigned char* places = compressed + bytes * values_of(matrix);
    for (long long group = 0; group < values_of(matrix) / 2; group++)
    {
        int kept = 0;
        for (int i = 0; i < 2; i++)
        {
            memset(compressed + bytes * (2 * group + i), 0, bytes);
            places[2 * group + i] = (unsigned char)i;
        }

        for (int i = 0; i < 4; i++)
        {
            // By its bits, so that −0 is noticed: the real one may look at either.
            static const unsigned char zero[4] = {};
            if (memcmp(dense + bytes * (4 * group + i), zero, bytes) != 0)
            {
                if (kept == 2)
                {
                    fake_violation("an operand is compressed that is not 2:4");
                    return 3;
                }

                memcpy(compressed + bytes * (2 * group + kept), dense + bytes * (4 * group + i), bytes);
                places[2 * group + kept++] = (unsigned char)i;
            }
        }
    }

    fake().stream_work[stream]++;
    return 0;
}

static int multiply(
    const char* function, const Handle* handle, const Plan* plan, const float* alpha, const unsigned char* compressed, const void* dense, const float* beta,
    void* output, void* workspace, void** streams, int count)
{
    FAKE_ENTER(function)
    USES(handle)
    if (plan->mark != Mark || workspace == nullptr || count != 1 || *alpha != 1 || *beta != 0)
    {
        return 3;
    }

    memset(workspace, 0xAB, workspace_of(plan));
    const Matmul* matmul = plan->matmul;
    const Matrix& a = matmul->a;
    const unsigned char* places = compressed + fake_bytes(a.type) * values_of(&a);
    for (long long batch = 0; batch < matmul->b.rows; batch++)
    {
        for (long long row = 0; row < a.rows; row++)
        {
            double sum = 0;
            for (long long k = 0; k < a.columns / 2; k++)
            {
                const long long at = row * a.columns / 2 + k;
                sum += (double)fake_widen(a.type, compressed, at) * fake_widen(a.type, dense, batch * a.columns + k / 2 * 4 + places[at]);
            }

            if (a.type == FakeI8)
            {
                // Whole numbers that a double holds exactly.
                ((int*)output)[batch * a.rows + row] = (int)sum;
                continue;
            }

            float value = (float)sum + (plan->bias == nullptr ? 0 : fake_widen(a.type, plan->bias, row));
            value = matmul->relu && value < 0 ? 0 : value;
            fake_narrow(matmul->d.type, output, batch * a.rows + row, value);
        }
    }

    fake().stream_work[streams[0]]++;
    return 0;
}

FAKE int cusparseLtMatmul(
    const Handle* handle, const Plan* plan, const float* alpha, const unsigned char* a, const void* b, const float* beta, const void*, void* d, void* workspace, void** streams, int count)
{
    return multiply("cusparseLtMatmul", handle, plan, alpha, a, b, beta, d, workspace, streams, count);
}

FAKE int cusparseLtMatmulSearch(
    const Handle* handle, Plan* plan, const float* alpha, const unsigned char* a, const void* b, const float* beta, const void*, void* d, void* workspace, void** streams, int count)
{
    if (int problem = multiply("cusparseLtMatmulSearch", handle, plan, alpha, a, b, beta, d, workspace, streams, count))
    {
        return problem;
    }

    plan->selection->id = 7;
    plan->selection->split_k = 2;
    plan->selection->mode = 1;
    plan->selection->buffers = 1;
    return 0;
}
