using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Errors;

public sealed class BadInputTests
{
    private const string Fc1 = "BiMaskGen.Integration.Tests.Models.Mlp.fc1";
    private readonly Mlp _model = Mlp.Create(1);
    private readonly Tensor _x = new Samples(1).Tensor(4, 50);

    [Fact]
    public void WrongLastDimension()
    {
        var error = Assert.Throws<NMSparseShapeException>(() => _model.call(zeros(4, 49)));
        Assert.Equal(Fc1, error.Layer);
        Assert.Contains("[4, 49]", error.Message);
        Assert.Contains("[27, 50]", error.Message);
        AssertUsable();
    }

    [Fact]
    public void ScalarInput()
    {
        var error = Assert.Throws<NMSparseShapeException>(() => _model.call(tensor(1.5f)));
        Assert.Contains("in_features = 50", error.Message);
        AssertUsable();
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void WeightThatIsNoNumber(float value)
    {
        float before = Values.Raw(_model.Fc1.weight)[(2 * 50) + 3];
        Values.Raw(_model.Fc1.weight)[(2 * 50) + 3] = value;
        var error = Assert.Throws<NMSparseValueException>(() => _model.call(_x));
        Assert.Equal(Fc1, error.Layer);
        Assert.Contains("weight[2, 3]", error.Message);
        Assert.Contains("[27, 50]", error.Message);
        Values.Raw(_model.Fc1.weight)[(2 * 50) + 3] = before;
        AssertUsable();
    }

    [Fact]
    public void InputOfAnotherType()
    {
        var error = Assert.Throws<NMSparseTypeException>(() => _model.call(zeros(4, 50, dtype: ScalarType.Int64)));
        Assert.Equal(Fc1, error.Layer);
        Assert.Contains("Int64", error.Message);
        Assert.Contains("Float32", error.Message);
        AssertUsable();
    }

    [Fact]
    public void DisposedInput()
    {
        Tensor gone = zeros(4, 50);
        gone.Dispose();
        var error = Assert.Throws<NMSparseDisposedException>(() => _model.call(gone));
        Assert.Equal(Fc1, error.Layer);
        Assert.Contains("input", error.Message);
        AssertUsable();
    }

    [Fact]
    public void NullInput()
    {
        var error = Assert.Throws<NMSparseDisposedException>(() => _model.call(null!));
        Assert.Equal(Fc1, error.Layer);
        Assert.Contains("input is null", error.Message);
        AssertUsable();
    }

    [Fact]
    public void DisposedWeight()
    {
        _model.call(_x).Dispose();
        _model.Fc1.weight.Dispose();
        var error = Assert.Throws<NMSparseDisposedException>(() => _model.call(_x));
        Assert.Equal(Fc1, error.Layer);
        Assert.Contains("weight", error.Message);
    }

    [Theory]
    [InlineData(49)]
    [InlineData(50)]
    public void WeightOfAnotherShape_AfterTheFirstUse(int columns)
    {
        _model.call(_x).Dispose();
        _model.Fc1.weight = new Parameter(zeros(27, 49));
        var error = Assert.Throws<NMSparseShapeException>(() => _model.call(zeros(4, columns)));
        Assert.Equal(Fc1, error.Layer);
    }

    [Fact]
    public void WeightOfAnotherShapeThanTheSourceSays()
    {
        _model.Fc1.weight = new Parameter(zeros(27, 49));
        var error = Assert.Throws<NMSparseShapeException>(() => _model.call(zeros(4, 49)));
        Assert.Equal(Fc1, error.Layer);
        Assert.Contains("[27, 49]", error.Message);
        Assert.Contains("[27, 50]", error.Message);
    }

    [Fact]
    public void ShapeUnknownToTheSource_IsTheLayersOwn()
    {
        var model = new Borrower(Linear(12, 8));
        var error = Assert.Throws<NMSparseShapeException>(() => model.call(zeros(3, 13)));
        Assert.Contains("in_features = 12", error.Message);
    }

    // Whatever was refused, the model goes on afterwards as if it had not been asked.
    private void AssertUsable() => ReferenceStack.AssertStep(_model, _x, decay: true, "after the error");
}
