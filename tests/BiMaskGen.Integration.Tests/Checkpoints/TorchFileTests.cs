using BiMaskGen.Checkpoints;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Checkpoints;

/// <summary>The files of <c>Module.save</c> and <c>Module.load</c> as torch itself writes and reads them.</summary>
public sealed class TorchFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bimask-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatTorchSaved_IsRead_Converted_AndLoadedByTorchAgain()
    {
        using Mlp saved = Mlp.Create(1);
        string dat = Path.Combine(_folder, "a.dat"), safe = Path.Combine(_folder, "a.safetensors"), again = Path.Combine(_folder, "b.dat");
        saved.save(dat);
        using (TensorFile file = TensorFile.Open(dat))
        {
            Assert.Equal(saved.state_dict().Keys.Order(), file.Tensors.Select(t => t.Name).Order());
            foreach (var (key, tensor) in saved.state_dict())
            {
                Assert.Equal(DType.F32, file[key].DType);
                Assert.Equal(tensor.shape, file[key].Shape);
                Assert.Equal(tensor.data<float>().ToArray(), file.View(key).AsSpan<float>().ToArray());
            }

            CheckpointConversion.ToSafeTensors(file, safe);
        }

        using (TensorFile file = TensorFile.Open(safe))
        {
            CheckpointConversion.ToDat(file, again);
        }

        using Mlp loaded = Mlp.Create(2);
        loaded.load(again);
        Assert.All(saved.state_dict(), entry => Assert.Equal(entry.Value.data<float>().ToArray(), loaded.state_dict()[entry.Key].data<float>().ToArray()));
    }
}
