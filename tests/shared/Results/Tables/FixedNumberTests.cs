using System.Buffers;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KeypointPipeline.Results.Tables;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results.Tables;

public sealed class FixedNumberTests
{
    [Fact]
    public void Every_number_is_written_as_the_format_with_three_decimals_writes_it()
    {
        Gen<double> thousandths = Gen.Choose(-2_000_000_000, 2_000_000_000).Select(n => Math.Round(n / 1000.0, 3));
        Gen<double> any = ArbMap.Default.GeneratorFor<NormalFloat>().Select(number => number.Item);
        Prop.ForAll(Gen.OneOf(thousandths, any).ToArbitrary(), number => Write(number) == number.ToString("0.000", CultureInfo.InvariantCulture))
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0, "0.000")]
    [InlineData(-0.0, "-0.000")]
    [InlineData(-0.0004, "-0.000")]
    [InlineData(0.001, "0.001")]
    [InlineData(-0.25, "-0.250")]
    [InlineData(96, "96.000")]
    [InlineData(999_999_999.999, "999999999.999")]
    [InlineData(1e9, "1000000000.000")]
    [InlineData(-12345678901234567, "-12345678901234600.000")]
    public void Zeros_signs_and_large_numbers_are_kept(double number, string text) => Assert.Equal(text, Write(number));

    private static string Write(double number)
    {
        var output = new ArrayBufferWriter<byte>();
        FixedNumber.Write(output, number);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
