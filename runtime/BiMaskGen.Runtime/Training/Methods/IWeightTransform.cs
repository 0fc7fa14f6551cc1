namespace BiMaskGen.Training.Methods;

/// <summary>A method whose operand is not W under a mask but other values made from W, with a scale that is fixed once.</summary>
internal interface IWeightTransform
{
    /// <summary>The scale for a weight; 0 or not finite where there is none.</summary>
    double ScaleOf(MatrixView weight);

    /// <summary>Writes the values.</summary>
    void Write(MatrixView weight, double scale, float[] values);

    /// <summary>Why a weight has no scale.</summary>
    string NoScale { get; }
}
