// What is used of libtorch's C shim, over tensors that a test makes.
#include "fake.h"

struct Tensor
{
    void* data;
    int device_type, device_index, type;
    long long dimensions;
    long long sizes[4], strides[4];
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
