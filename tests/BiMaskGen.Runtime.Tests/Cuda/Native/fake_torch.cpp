// What is used of libtorch's C shim, over tensors that a test makes.
#include "fake.h"

#include <cstring>

struct Tensor
{
    void* data;
    int device_type, device_index, type;
    long long dimensions;
    long long sizes[4], strides[4];
    long long version;
};

// A handle of its own for the dispatcher, which takes it over.
struct Owned
{
    Tensor* tensor;
};

static thread_local void* current_stream;

FAKE void fake_set_stream(void* stream) { current_stream = stream; }

FAKE int aoti_torch_get_data_ptr(Tensor* tensor, void** data) { FAKE_ENTER("aoti_torch_get_data_ptr") *data = tensor->data; return 0; }

FAKE int aoti_torch_get_device_type(Tensor* tensor, int* type) { FAKE_ENTER("aoti_torch_get_device_type") *type = tensor->device_type; return 0; }

FAKE int aoti_torch_get_device_index(Tensor* tensor, int* index) { FAKE_ENTER("aoti_torch_get_device_index") *index = tensor->device_index; return 0; }

FAKE int aoti_torch_get_dtype(Tensor* tensor, int* type) { FAKE_ENTER("aoti_torch_get_dtype") *type = tensor->type; return 0; }

FAKE int aoti_torch_get_dim(Tensor* tensor, long long* dimensions) { FAKE_ENTER("aoti_torch_get_dim") *dimensions = tensor->dimensions; return 0; }

FAKE int aoti_torch_get_sizes(Tensor* tensor, long long** sizes) { FAKE_ENTER("aoti_torch_get_sizes") *sizes = tensor->sizes; return 0; }

FAKE int aoti_torch_get_strides(Tensor* tensor, long long** strides) { FAKE_ENTER("aoti_torch_get_strides") *strides = tensor->strides; return 0; }

FAKE int aoti_torch_get_current_cuda_stream(int, void** stream) { FAKE_ENTER("aoti_torch_get_current_cuda_stream") *stream = current_stream; return 0; }

FAKE int aoti_torch_new_tensor_handle(Tensor* tensor, Owned** handle) { FAKE_ENTER("aoti_torch_new_tensor_handle") *handle = new Owned{tensor}; return 0; }

FAKE int aoti_torch_call_dispatcher(const char* name, const char* overload, unsigned long long* stack)
{
    FAKE_ENTER("aoti_torch_call_dispatcher")
    Owned* argument = (Owned*)*stack;
    Tensor* tensor = argument->tensor;
    delete argument;
    if (strcmp(name, "aten::_version") != 0 || *overload != 0)
    {
        fake_violation(std::string("the dispatcher is asked for ") + name);
        return 1;
    }

    *stack = (unsigned long long)tensor->version;
    return 0;
}
