using BiMaskGen.Packing;

namespace BiMaskGen.Training;

/// <summary>
/// One operand in up to two layouts, each filled when a batch first wants it. They are matrices of their own, so that one can be filled
/// while another thread multiplies with the other.
/// </summary>
internal sealed class PackedOperand(NMPattern pattern, int rows, int columns)
{
    private readonly PackedMatrix?[] _matrices = new PackedMatrix?[2];

    /// <summary>The matrix in the layout.</summary>
    public PackedMatrix Of(PackedForms form) => _matrices[Slot(form)] ??= new PackedMatrix(pattern, rows, columns);

    /// <summary>Whether the layout has to be filled first.</summary>
    public bool Wants(PackedForms form, out PackedMatrix destination)
    {
        destination = Of(form);
        return destination.Forms != form;
    }

    /// <summary>Says that the entries are of another weight.</summary>
    public void Forget()
    {
        foreach (PackedMatrix? matrix in _matrices)
        {
            matrix?.Forms = PackedForms.None;
        }
    }

    private static int Slot(PackedForms form) => form == PackedForms.Groups ? 0 : 1;
}
