using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

[Trait(Categories.Name, Categories.Security)]
public sealed class MacroReaderTests
{
    [Theory]
    [InlineData("now", 0, null)]
    [InlineData("now-5", -5 * 86400, null)]
    [InlineData("now+2h", 2 * 3600, null)]
    [InlineData("now-3w:yyyy-MM-dd", -21 * 86400, "yyyy-MM-dd")]
    [InlineData("now:yyyyMMddHHmmss", 0, "yyyyMMddHHmmss")]
    [InlineData("now:yyyy-MM-ddTHH:mm:ss.fffZ", 0, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'")]
    [InlineData("now:d", 0, "d")]
    [InlineData("now:hh:mm tt, dddd_zzz", 0, "hh:mm tt, dddd_zzz")]
    public void ATimeHasAnOffsetAndAFormat(string text, int seconds, string? format) =>
        Assert.Equal(new Macro.Now(TimeSpan.FromSeconds(seconds), format), MacroReader.Read(text, doubled: false, new Dictionary<string, Template>(), out _));

    [Theory]
    [InlineData("nowhere", "is not understood")]
    [InlineData("now+", "is not understood")]
    [InlineData("now5", "is not understood")]
    [InlineData("now+2x", "is not understood")]
    [InlineData("now+1234567890s", "is not understood")]
    [InlineData("now+٣", "is not understood")]
    [InlineData("now:", "is not understood")]
    [InlineData("now+99999999w", "more than a hundred years")]
    [InlineData("now:yyy", "is not a date format")]
    [InlineData("now:ff", "is not a date format")]
    [InlineData("now:MMMMM", "is not a date format")]
    [InlineData("now:yyyy!", "is not a date format")]
    [InlineData("now:yyyy'", "is not a date format")]
    public void AnInvalidTimeIsRefusedWithItsReason(string text, string reason)
    {
        Assert.Null(MacroReader.Read(text, doubled: false, new Dictionary<string, Template>(), out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    /// <summary>A backtracking expression tries every way to cut the letters into MMMM, MMM, MM and M: about 2 to the power of their number.</summary>
    [Fact]
    public void AFormatOfManyLettersIsRefusedAtOnce() =>
        Assert.Null(MacroReader.Read($"now:{new string('M', 60)}!", doubled: false, new Dictionary<string, Template>(), out _));
}
