using System.Reflection;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.State;

public sealed class ReportTests
{
    [Fact]
    public void Report_NamesLayersSharesAndDenseLayersWithReasons()
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        Mlp model = Mlp.Create(1);
        model.call(new Samples(1).Tensor(4, 50)).sum().backward();
        SparsityReport report = model.GetSparsityReport();

        Assert.Equal(["fc1", "fc2"], report.Layers.Select(l => l.Name));
        var (dense, reason) = Assert.Single(report.DenseLayers);
        Assert.Equal("head", dense);
        Assert.Contains("KeepDense", reason);

        // 48 of 50 columns lie in whole groups that keep half, the remainder of two keeps both.
        LayerReport fc1 = report.Layers[0].Report;
        Assert.Equal("BiMaskGen.Integration.Tests.Models.Mlp.fc1", fc1.Name);
        Assert.Equal(26.0 / 50, fc1.KeptForward!.Value, 12);
        Assert.InRange(fc1.KeptBackward!.Value, fc1.KeptBackwardIdentity!.Value, 1);

        string[] lines = report.ToString().Split('\n');
        string line = Assert.Single(lines, l => l.StartsWith("fc1", StringComparison.Ordinal));
        Assert.Contains("2:4", line);
        Assert.Contains("27×50", line);
        Assert.Contains("52.00 %", line);
        Assert.Single(lines, l => l.StartsWith("head", StringComparison.Ordinal) && l.Contains("dense") && l.Contains("KeepDense"));
    }

    [Fact]
    public void Report_BeforeTheFirstUse_KnowsNoShares()
    {
        SparsityReport report = Mlp.Create(1).GetSparsityReport();
        Assert.All(report.Layers, l => Assert.Null(l.Report.KeptForward));
        Assert.Contains("–", report.ToString());
    }

    [Fact]
    public void Report_OfAnotherPatternAndMode_SaysSo()
    {
        using var kernels = new KernelModeScope(KernelMode.Auto);
        var model = new Stack3x7();
        Tensor x = new Samples(1).Tensor(4, 33).requires_grad_();
        for (int i = 0; i < 80; i++)
        {
            model.call(x).sum().backward();
        }

        LayerReport layer = Sides.Of(model, "<A>k__BackingField").GetReport();
        Assert.Equal(["y", "dX"], layer.Kernels.Select(k => k.Product));
        Assert.All(layer.Kernels, k => Assert.True(k.MaxRows == 4 && k.SparseMilliseconds > 0 && k.DenseMilliseconds > 0));
        Assert.Contains("3:7", model.GetSparsityReport().ToString());
    }

    [Fact]
    public void Manifest_HasEveryMemberOfAnAnnotatedClass()
    {
        var members = typeof(Mlp).Assembly.GetCustomAttributes<NMSparseMemberAttribute>().Where(m => m.Model == typeof(Mlp).FullName).ToArray();
        Assert.Equal(["fc1", "fc2", "head"], members.Select(m => m.Member).Order(StringComparer.Ordinal));
        NMSparseMemberAttribute fc2 = Assert.Single(members, m => m.Member == "fc2"), head = Assert.Single(members, m => m.Member == "head");
        Assert.Equal(("TorchSharp.Modules.Linear", 2, 4, SparseMethod.BiMask, 27, 70), (fc2.ChildType, fc2.N, fc2.M, fc2.Method, fc2.InFeatures, fc2.OutFeatures));
        Assert.Equal((0, 0), (head.N, head.M));
    }

    [Fact]
    public void Manifest_NamesTheTypesOfChildren()
    {
        var members = typeof(SparseNet).Assembly.GetCustomAttributes<NMSparseMemberAttribute>().Where(m => m.Model == typeof(SparseNet).FullName);
        NMSparseMemberAttribute blocks = Assert.Single(members, m => m.Member == "blocks");
        Assert.Equal("TorchSharp.Modules.ModuleList<BiMaskGen.Integration.Tests.Models.Block>", blocks.ChildType);
        Assert.DoesNotContain(typeof(Mlp).Assembly.GetCustomAttributes<NMSparseMemberAttribute>(), m => m.Model == typeof(PlainMlp).FullName);
    }
}
