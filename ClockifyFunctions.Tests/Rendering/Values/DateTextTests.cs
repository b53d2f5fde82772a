using System.Globalization;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering.Values;
using ClockifyFunctions.Templates;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering.Values;

public sealed class DateTextTests
{
    private static readonly TemplateField Field = new("start", FieldType.DateTime, "");

    [Theory]
    [InlineData("Europe/Berlin", "2026-07-10 05:30", "2026-07-10T03:30:00Z")]
    [InlineData("Europe/Berlin", "2026-01-10T05:30:15", "2026-01-10T04:30:15Z")]
    [InlineData("Europe/Berlin", "2026-07-10T05:30:00.123456789", "2026-07-10T03:30:00Z")]
    [InlineData("America/New_York", "2026-07-10 05:30", "2026-07-10T09:30:00Z")]
    [InlineData("Asia/Kolkata", "2026-07-10 05:30", "2026-07-10T00:00:00Z")]
    public void ADateWithoutAZoneIsReadInTheNamedZone(string zone, string text, string sent) => Assert.Equal($"\"{sent}\"", Convert(text, zone).Json);

    [Theory]
    [InlineData("0001-01-01 00:00")]
    [InlineData("9999-12-31 23:59")]
    public void ADateAtTheEndOfTheCalendarIsRefused(string text) => Assert.Contains("end of the calendar", Convert(text, "America/New_York").Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("2026-07-10T05:30:00Z", "2026-07-10T05:30:00Z")]
    [InlineData("2026-07-10T05:30:00+05:30", "2026-07-10T05:30:00+05:30")]
    [InlineData("2026-07-10T05:30Z", "2026-07-10T05:30Z")]
    [InlineData("2026-07-10T05:30:00.5Z", "2026-07-10T05:30:00.5Z")]
    [InlineData("2026-07-10 05:30:00+02:00", "2026-07-10T03:30:00Z")]
    [InlineData("2026-07-10 05:30:00Z", "2026-07-10T05:30:00Z")]
    [InlineData("2026-07-10T05:30:00+0200", "2026-07-10T03:30:00Z")]
    [InlineData("2026-07-10 05:30:00+02", "2026-07-10T03:30:00Z")]
    [InlineData("2026-07-10 05:30+02:00", "2026-07-10T03:30:00Z")]
    [InlineData("2026-07-10T05:30:00.123456789Z", "2026-07-10T05:30:00Z")]
    public void TheZoneOfTheValueTakesPrecedenceOverThatOfTheDestination(string text, string sent)
    {
        Assert.Equal($"\"{sent}\"", Convert(text, "Europe/Berlin").Json);
        Assert.Equal($"\"{sent}\"", Convert(text, null).Json);
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59Z")]
    [InlineData("Europe/Berlin", "2026-03-29 02:00", null)]
    [InlineData("Europe/Berlin", "2026-03-29 02:59:59", null)]
    [InlineData("Europe/Berlin", "2026-03-29 03:00", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25 02:00", "2026-10-25T00:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25 03:00", "2026-10-25T02:00:00Z")]
    [InlineData("America/New_York", "2026-03-08 01:59:59", "2026-03-08T06:59:59Z")]
    [InlineData("America/New_York", "2026-03-08 02:30", null)]
    [InlineData("America/New_York", "2026-03-08 03:00", "2026-03-08T07:00:00Z")]
    [InlineData("America/New_York", "2026-11-01 01:30", "2026-11-01T05:30:00Z")]
    [InlineData("America/New_York", "2026-11-01 02:00", "2026-11-01T07:00:00Z")]
    public void ALocalTimeThatDoesNotExistIsRefusedAndOneThatExistsTwiceIsTheEarlier(string zone, string text, string? sent)
    {
        var converted = Convert(text, zone);
        Assert.Equal(sent is null ? null : $"\"{sent}\"", converted.Json);
        if (sent is null) Assert.Contains($"does not exist in {zone}", converted.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    public void EveryQuarterOfAnHourOfAYearIsReadAsAnInstantWithThatLocalTime(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var (skipped, twice) = (0, 0);
        for (var local = new DateTime(2026, 1, 1); local.Year == 2026; local = local.AddMinutes(15))
        {
            var converted = Convert(local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), name);
            if (converted.Json is null)
            {
                skipped++;
                continue;
            }

            var utc = DateTimeOffset.Parse(converted.Json.Trim('"'), CultureInfo.InvariantCulture);
            Assert.Equal(local, TimeZoneInfo.ConvertTime(utc, zone).DateTime);
            // No earlier instant has this local time.
            foreach (var minutes in new[] { 30, 60 })
            {
                Assert.NotEqual(local, TimeZoneInfo.ConvertTime(utc.AddMinutes(-minutes), zone).DateTime);
                if (TimeZoneInfo.ConvertTime(utc.AddMinutes(minutes), zone).DateTime == local) twice++;
            }
        }

        Assert.True(skipped > 0 && skipped == twice, $"{skipped} skipped, {twice} twice.");
    }

    [Theory]
    [InlineData("dd.MM.yyyy HH:mm", "30.07.2026 12:20", "2026-07-30T10:20:00Z")]
    [InlineData("MM/dd/yyyy h:mm tt", "03/04/2026 9:15 PM", "2026-03-04T20:15:00Z")]
    [InlineData("dd/MM/yyyy HH:mm", "03/04/2026 09:15", "2026-04-03T07:15:00Z")]
    [InlineData("d.M.yy H:mm", "3.4.26 9:05", "2026-04-03T07:05:00Z")]
    [InlineData("dd MMM yyyy HH:mm:ss zzz", "03 Apr 2026 09:15:00 +05:30", "2026-04-03T03:45:00Z")]
    [InlineData("yyyyMMddHHmmss", "20260403091500", "2026-04-03T07:15:00Z")]
    [InlineData("dd.MM.yyyy HH:mm", "11.09.2026 25:00", null)]
    [InlineData("dd.MM.yyyy HH:mm", "2026-09-11 10:00", null)]
    [InlineData("dd.MM.yyyy HH:mm", "29.03.2026 02:30", null)]
    [InlineData("dd.MM.yyyy HH:mm", "31.06.2026 02:30", null)]
    [InlineData("dd.MM.yyyy HH:mm", "", null)]
    public void AFormatReadsMatchingTextAndRefusesOtherText(string format, string text, string? sent) =>
        Assert.Equal(sent is null ? null : $"\"{sent}\"", Convert(text, "Europe/Berlin", new ValueOptions(Format(format))).Json);

    [Theory]
    [InlineData("de", "d. MMMM yyyy HH:mm", "3. März 2026 09:15")]
    [InlineData("fr-FR", "d MMMM yyyy HH:mm", "3 mars 2026 09:15")]
    [InlineData("de-DE", "dd/MM/yyyy HH:mm", "03/03/2026 09:15")]
    [InlineData("ar-SA", "dd.MM.yyyy HH:mm", "03.03.2026 09:15")]
    public void ACultureDefinesOnlyTheNamesOfMonths(string culture, string format, string text) =>
        Assert.Equal("\"2026-03-03T08:15:00Z\"", Convert(text, "Europe/Berlin", new ValueOptions(Format(format, culture: culture))).Json);

    [Theory]
    [InlineData("03/04/2026 09:15")]
    [InlineData("03.04.2026 09:15")]
    [InlineData("tomorrow")]
    [InlineData("2026-07")]
    [InlineData("1783661400")]
    public void WithoutAFormatOnlyIsoIsReadAndTheRemedyIsAFormat(string text)
    {
        var converted = Convert(text, "Europe/Berlin");
        Assert.Null(converted.Json);
        Assert.Contains("\"format\": ", converted.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ADateAloneNeedsATimeOfDay()
    {
        Assert.Contains("\"at\": \"09:00\"", Convert("2026-07-10", "Europe/Berlin").Problem, StringComparison.Ordinal);
        Assert.Equal("\"2026-07-10T07:00:00Z\"", Convert("2026-07-10", "Europe/Berlin", new ValueOptions(At: new TimeOnly(9, 0))).Json);
        Assert.Equal("\"2026-07-10T07:00:00Z\"", Convert("10.07.2026", "Europe/Berlin", new ValueOptions(Format("dd.MM.yyyy"), new TimeOnly(9, 0))).Json);
        Assert.Equal("\"2026-07-09T22:00:00Z\"", DateText.ToMoment("2026-07-10", Field with { At = TimeOnly.MinValue }, ValueOptions.None, Context("Europe/Berlin")).Json);
    }

    [Fact]
    public void AMessageRecommendsOnlyWhatIsNotSet()
    {
        Assert.Contains("set timeZone", Convert("2026-07-10 09:00", null).Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("timeZone", Convert("nonsense", "Europe/Berlin").Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("format in", Convert("nonsense", "Europe/Berlin", new ValueOptions(Format("dd.MM.yyyy HH:mm"))).Problem, StringComparison.Ordinal);
        Assert.Contains("that of the record's user is not known", DateText.ToMoment("2026-07-10 09:00", Field, ValueOptions.None, Context(null) with { UsesUserZone = true }).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "2026-07-10", "09:15", "2026-07-10T07:15:00Z")]
    [InlineData(null, "2026-07-10", "9:15:30", "2026-07-10T07:15:30Z")]
    [InlineData("dd.MM.yyyy HH:mm", "10.07.2026", "09:15", "2026-07-10T07:15:00Z")]
    [InlineData(null, "10.07.2026", "09:15", null)]
    [InlineData(null, "2026-07-10", "9", null)]
    [InlineData("dd.MM.yyyy HH:mm", "10.07.2026", "25:00", null)]
    [InlineData("dd.MM.yyyy HH:mm", "10.07.2026", "", null)]
    public void DateAndTimeCanBeInTwoAttributes(string? format, string date, string time, string? sent)
    {
        var converted = DateText.ToMoment(date, time, Field, new ValueOptions(format is null ? null : Format(format)), Context("Europe/Berlin"));
        Assert.Equal(sent is null ? null : $"\"{sent}\"", converted.Json);
        Assert.Equal(sent is null, converted.Problem is not null);
    }

    [Theory]
    [InlineData(null, "2026-07-10", "2026-07-10")]
    [InlineData("d.M.yyyy", "1.7.2026", "2026-07-01")]
    [InlineData(null, "1.7.2026", null)]
    [InlineData(null, "2026-02-30", null)]
    public void ADateFieldTakesADate(string? format, string text, string? sent) =>
        Assert.Equal(sent is null ? null : $"\"{sent}\"", DateText.ToDate(text, new ValueOptions(format is null ? null : Format(format))).Json);

    [Theory]
    [InlineData(null, "9:05", "09:05:00")]
    [InlineData("h:mm tt", "9:05 PM", "21:05:00")]
    [InlineData(null, "24:00", null)]
    public void ATimeFieldTakesATimeOfDay(string? format, string text, string? sent) =>
        Assert.Equal(sent is null ? null : $"\"{sent}\"", DateText.ToTime(text, new ValueOptions(format is null ? null : Format(format, ofTime: true))).Json);

    [Theory]
    [InlineData("dd.MM.yyyy HH:mm", false, null)]
    [InlineData("dd.MM.yyyy", false, null)]
    [InlineData("h:mm tt", true, null)]
    [InlineData("d", false, "not a .NET date format")]
    [InlineData("dd.MM", false, "no day, month or year")]
    [InlineData("DD.MM.YYYY", false, "no day, month or year")]
    [InlineData("dd.mm.yyyy HH:MM", false, "months are MM")]
    [InlineData("dd.MM.yyyy hh:mm", false, "morning from afternoon")]
    [InlineData("dd.MM.yyyy", true, "no hours")]
    [InlineData("'", false, "not a .NET date format")]
    [InlineData("dd.MM.yyyy HH:mm\\", false, "not a .NET date format")]
    public void AFormatThatWouldMisreadDatesIsRefused(string pattern, bool ofTime, string? problem)
    {
        Assert.Equal(problem is null, DateFormat.TryCreate(pattern, null, ofTime, out _, out var found));
        if (problem is not null) Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    private static Converted Convert(string text, string? zone, ValueOptions? options = null) => DateText.ToMoment(text, Field, options ?? ValueOptions.None, Context(zone));

    private static RenderContext Context(string? zone) => new(Some.Json("{}"), Written.Now, zone is null ? null : TimeZoneInfo.FindSystemTimeZoneById(zone), Resolved.Nothing);

    private static DateFormat Format(string pattern, bool ofTime = false, string? culture = null)
    {
        Assert.True(DateFormat.TryCreate(pattern, culture is null ? null : CultureInfo.GetCultureInfo(culture), ofTime, out var format, out var problem), problem);
        return format;
    }
}
