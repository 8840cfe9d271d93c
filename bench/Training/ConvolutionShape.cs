namespace KeypointPipeline.Bench.Training;

/// <summary>One convolution of a network, or one product with a dense layer's weights.</summary>
/// <param name="Inputs">Input channels.</param>
/// <param name="Height">Height of the input, cells.</param>
/// <param name="Width">Width of the input, cells.</param>
/// <param name="Outputs">Output channels.</param>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Stride">Cells from one output to the next.</param>
/// <param name="Padding">Zeros on every side.</param>
internal sealed record ConvolutionShape(int Inputs, int Height, int Width, int Outputs, int Kernel, int Stride, int Padding)
{
    /// <summary>Height and width of the output, cells.</summary>
    public (int Height, int Width) OutputSize => (SizeOf(Height), SizeOf(Width));

    /// <summary>Multiplications and additions of one image's forward pass.</summary>
    public long Operations => 2L * OutputSize.Height * OutputSize.Width * Outputs * Inputs * Kernel * Kernel;

    private int SizeOf(int input) => ((input + (2 * Padding) - Kernel) / Stride) + 1;
}
