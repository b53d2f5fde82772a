using System.Globalization;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Rendering.Values;

namespace ClockifyFunctions.Tests.Rendering.Values;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("1.5", 5400)]
    [InlineData("1,5", 5400)]
    [InlineData("0,25", 900)]
    [InlineData("8", 28800)]
    [InlineData("1:30", 5400)]
    [InlineData("0:05", 300)]
    [InlineData("1:30:15", 5415)]
    [InlineData("100:00", 360000)]
    [InlineData("90m", 5400)]
    [InlineData("90 min", 5400)]
    [InlineData("1h 30m", 5400)]
    [InlineData("1h30m", 5400)]
    [InlineData("1H 30M 5S", 5405)]
    [InlineData("1.5h", 5400)]
    [InlineData("1,5 h", 5400)]
    [InlineData("45s", 45)]
    [InlineData("0h 50m", 3000)]
    [InlineData("PT1H30M", 5400)]
    [InlineData("PT90M", 5400)]
    [InlineData("P1DT2H", 93600)]
    [InlineData("P2D", 172800)]
    [InlineData("PT1.5H", 5400)]
    [InlineData("PT0S", 0)]
    [InlineData("0", 0)]
    [InlineData("999", 3596400)]
    [InlineData("0.3333", 1200)]
    public void ADurationCanHaveManyForms(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), DurationText.Read(text, null, out _));

    [Theory]
    [InlineData("90", DurationUnit.Minutes, 5400)]
    [InlineData("1.5", DurationUnit.Minutes, 90)]
    [InlineData("5400", DurationUnit.Seconds, 5400)]
    [InlineData("1:30", DurationUnit.Minutes, 5400)]
    [InlineData("1h", DurationUnit.Seconds, 3600)]
    public void TheUnitAppliesToNumbersWithoutAUnit(string text, object unit, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), DurationText.Read(text, (DurationUnit)unit, out _));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1:60")]
    [InlineData("1:5")]
    [InlineData(":30")]
    [InlineData("1:30:60")]
    [InlineData("1:30:00:00")]
    [InlineData("1.2.3")]
    [InlineData("1.234,5")]
    [InlineData("1h1h")]
    [InlineData("30m 1h")]
    [InlineData("m")]
    [InlineData("1x")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("PT1H30")]
    [InlineData("P1M")]
    [InlineData("1e3")]
    [InlineData("one hour")]
    public void AnInvalidDurationIsRefused(string text)
    {
        Assert.Null(DurationText.Read(text, null, out var problem));
        Assert.Contains("is not a duration; write 1.5 (hours), 1:30, 1h 30m or PT1H30M", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("999.01", null, true)]
    [InlineData("5400", null, true)]
    [InlineData("999999999999999", null, true)]
    [InlineData("1000:00", null, false)]
    [InlineData("59941", DurationUnit.Minutes, false)]
    public void MoreThan999HoursAreRefusedAndTheRemedyForANumberIsTheUnit(string text, object? unit, bool isBare)
    {
        Assert.Null(DurationText.Read(text, (DurationUnit?)unit, out var problem));
        Assert.Contains("is more than 999 hours", problem, StringComparison.Ordinal);
        Assert.Equal(isBare, problem.Contains("\"unit\"", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryMinuteOfADayHasTheSameValueInEachForm()
    {
        for (var minutes = 0; minutes < 24 * 60; minutes++)
        {
            var (hours, rest) = (minutes / 60, minutes % 60);
            string[] forms =
            [
                string.Create(CultureInfo.InvariantCulture, $"{hours}:{rest:00}"), string.Create(CultureInfo.InvariantCulture, $"{hours:00}:{rest:00}:00"),
                string.Create(CultureInfo.InvariantCulture, $"{hours}h {rest}m"), string.Create(CultureInfo.InvariantCulture, $"{minutes}m"),
                string.Create(CultureInfo.InvariantCulture, $"PT{hours}H{rest}M"), (minutes / 60m).ToString("0.######", CultureInfo.InvariantCulture), DurationText.Iso(TimeSpan.FromMinutes(minutes)),
            ];
            Assert.All(forms, form => Assert.Equal(TimeSpan.FromMinutes(minutes), DurationText.Read(form, null, out _)));
            Assert.True(FieldFault.IsDuration(forms[^1]), forms[^1]);
        }
    }
}
