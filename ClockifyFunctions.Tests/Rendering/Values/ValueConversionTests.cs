using System.Globalization;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering.Values;
using ClockifyFunctions.Templates;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering.Values;

/// <summary>Conversion of record values to field values. Null: refused. Dates and durations have their own tests.</summary>
public sealed class ValueConversionTests
{
    [Theory]
    [InlineData("\"true\"", "true")]
    [InlineData("\"YES\"", "true")]
    [InlineData("\"ja\"", "true")]
    [InlineData("\"oui\"", "true")]
    [InlineData("\" 1 \"", "true")]
    [InlineData("1", "true")]
    [InlineData("\"False\"", "false")]
    [InlineData("\"no\"", "false")]
    [InlineData("\"nein\"", "false")]
    [InlineData("\"non\"", "false")]
    [InlineData("\"0\"", "false")]
    [InlineData("0", "false")]
    [InlineData("true", "true")]
    [InlineData("\"maybe\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"2\"", null)]
    public void BooleansCanBeWords(string value, string? sent) => AssertConverts(FieldType.Boolean, value, sent);

    [Theory]
    [InlineData("\"1.5\"", null, "1.5")]
    [InlineData("\"1,5\"", null, "1.5")]
    [InlineData("\"-1,25\"", null, "-1.25")]
    [InlineData("\"1500\"", null, "1500")]
    [InlineData("\"0,125\"", null, "0.125")]
    [InlineData("\"1,500\"", null, null)]
    [InlineData("\"1.234,50\"", null, null)]
    [InlineData("\"1,234,567\"", null, null)]
    [InlineData("\"1 500\"", null, null)]
    [InlineData("\"1e3\"", null, null)]
    [InlineData("\"abc\"", null, null)]
    [InlineData("\"\"", null, null)]
    [InlineData("\"1.234,50\"", "de", "1234.50")]
    [InlineData("\"1.234\"", "de-DE", "1234")]
    [InlineData("\"1,500\"", "de", "1.500")]
    [InlineData("\"1,500\"", "en-US", "1500")]
    [InlineData("\"1,234,567.5\"", "en", "1234567.5")]
    [InlineData("\"1,5\"", "en", null)]
    [InlineData("\"1.5\"", "de", null)]
    [InlineData("\"12.34.567\"", "de", null)]
    [InlineData("\"1'234.50\"", "de-CH", "1234.50")]
    [InlineData("\"1\u2019234.50\"", "de-CH", "1234.50")]
    [InlineData("\"1\u202f234,50\"", "fr", "1234.50")]
    [InlineData("\"1 234,50\"", "fr-FR", "1234.50")]
    [InlineData("\"1.234,50\"", "fr", null)]
    [InlineData("1500", "de", "1500")]
    public void NumbersHaveACommaOrADotAndThousandsOnlyByCulture(string value, string? culture, string? sent) =>
        AssertConverts(FieldType.Number, value, sent, new ValueOptions(Numbers: culture is null ? null : new NumberCulture(CultureInfo.GetCultureInfo(culture))));

    [Theory]
    [InlineData("\"12\"", "12")]
    [InlineData("\"12.00\"", "12")]
    [InlineData("\"12.5\"", null)]
    [InlineData("12", "12")]
    public void AnIntegerFieldAcceptsWholeNumbersAndRefusesFractions(string value, string? sent) => AssertConverts(FieldType.Integer, value, sent);

    [Theory]
    [InlineData(MoneyUnit.Minor, "50", "5000")]
    [InlineData(MoneyUnit.Minor, "50.5", "5050")]
    [InlineData(MoneyUnit.Minor, "\"50,50\"", "5050")]
    [InlineData(MoneyUnit.Minor, "\"0\"", "0")]
    [InlineData(MoneyUnit.Minor, "50.005", null)]
    [InlineData(MoneyUnit.Minor, "-1", null)]
    [InlineData(MoneyUnit.Minor, "1e20", null)]
    [InlineData(MoneyUnit.Minor, "30000000", null)]
    [InlineData(MoneyUnit.HundredthOfMinor, "50.00", "500000")]
    [InlineData(MoneyUnit.HundredthOfMinor, "0.0001", "1")]
    [InlineData(MoneyUnit.HundredthOfMinor, "0.00001", null)]
    [InlineData(MoneyUnit.Major, "50.5", "50.5")]
    public void AmountsOfMoneyAreInFullUnits(object unit, string value, string? sent)
    {
        var field = new TemplateField("amount", (MoneyUnit)unit == MoneyUnit.Major ? FieldType.Number : FieldType.Integer, "") { Unit = (MoneyUnit)unit, Minimum = 0, Maximum = int.MaxValue };
        Assert.Equal(sent, Result(field, value, ValueOptions.None));
    }

    [Theory]
    [InlineData(FieldType.Ids, "\"66f1a0c2b7d14e3a9c5d0d01\"", null, """["66f1a0c2b7d14e3a9c5d0d01"]""")]
    [InlineData(FieldType.Emails, "\"a@b.c\"", null, """["a@b.c"]""")]
    [InlineData(FieldType.Texts, "\"a, b\"", null, """["a, b"]""")]
    [InlineData(FieldType.Emails, "\"a@b.c, d@e.f\"", null, null)]
    [InlineData(FieldType.Emails, "\"a@b.c, d@e.f\"", ",", """["a@b.c","d@e.f"]""")]
    [InlineData(FieldType.Texts, "\" a ;; \\\"b\\\" ;\"", ";", """["a","\"b\""]""")]
    [InlineData(FieldType.Texts, "\"\"", null, "[]")]
    [InlineData(FieldType.Texts, "[\"a;b\"]", ";", """["a;b"]""")]
    [InlineData(FieldType.Choices, "\"red\"", null, """["RED"]""")]
    public void AListCanBeAnArrayOrATextWithSeparators(object type, string value, string? split, string? sent) => AssertConverts((FieldType)type, value, sent, new ValueOptions(Split: split));

    [Theory]
    [InlineData(FieldType.Color, "\"#a4B\"", "\"#aa44BB\"")]
    [InlineData(FieldType.Color, "\"#AB47BC\"", "\"#AB47BC\"")]
    [InlineData(FieldType.Choice, "\"red\"", "\"RED\"")]
    [InlineData(FieldType.Choice, "\"blue\"", "\"blue\"")]
    [InlineData(FieldType.Text, "2026", "\"2026\"")]
    [InlineData(FieldType.Text, "\" as it is \"", "\" as it is \"")]
    [InlineData(FieldType.Id, "\" 66f1a0c2b7d14e3a9c5d0d01 \"", "\"66f1a0c2b7d14e3a9c5d0d01\"")]
    [InlineData(FieldType.Duration, "1.5", "\"PT1H30M\"")]
    [InlineData(FieldType.Duration, "\"PT90M\"", "\"PT90M\"")]
    [InlineData(FieldType.Duration, "\"soon\"", null)]
    [InlineData(FieldType.Any, "\"1\"", "\"1\"")]
    [InlineData(FieldType.Number, "null", "null")]
    [InlineData(FieldType.DateTime, "[1]", "[1]")]
    public void OtherValuesAreConvertedToTheTypeOfTheirField(object type, string value, string? sent) => AssertConverts((FieldType)type, value, sent);

    [Theory]
    [InlineData("\"true\"", true, "true")]
    [InlineData("\"12.5\"", true, "12.5")]
    [InlineData("\"-3\"", true, "-3")]
    [InlineData("\"0123\"", true, "\"0123\"")]
    [InlineData("\"+49 30\"", true, "\"+49 30\"")]
    [InlineData("\"1234567890123456\"", true, "\"1234567890123456\"")]
    [InlineData("\"1,5\"", true, "\"1,5\"")]
    [InlineData("\"yes\"", true, "\"yes\"")]
    [InlineData("\"2026-07-10\"", true, "\"2026-07-10\"")]
    [InlineData("\"2026-07-10 05:30\"", true, "\"2026-07-10T03:30:00Z\"")]
    [InlineData("\"2026-07-10T05:30:00Z\"", true, "\"2026-07-10T05:30:00Z\"")]
    [InlineData("\"2026-03-29 02:30\"", true, null)]
    [InlineData("\"true\"", false, "\"true\"")]
    [InlineData("\"12.5\"", false, "\"12.5\"")]
    [InlineData("\"2026-07-10 05:30\"", false, "\"2026-07-10T03:30:00Z\"")]
    public void AManualBodyConvertsOnlyUnambiguousValues(string value, bool alsoNumbers, string? sent)
    {
        var element = Some.Json(value);
        var converted = ValueConversion.ByLook(element, ofDates: true, alsoNumbers, Context);
        Assert.Equal(sent, converted.Problem is null ? converted.Json ?? element.GetRawText() : null);
    }

    private static RenderContext Context => new(Some.Json("{}"), Written.Now, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Resolved.Nothing);

    private static void AssertConverts(FieldType type, string value, string? sent, ValueOptions? options = null) =>
        Assert.Equal(sent, Result(new TemplateField("some", type, "") { Values = ["RED", "GREEN"] }, value, options ?? ValueOptions.None));

    private static string? Result(TemplateField field, string value, ValueOptions options)
    {
        var element = Some.Json(value);
        var converted = ValueConversion.Convert(element, field, options, Context);
        Assert.False(converted is { Json: not null, Problem: not null });
        return converted.Problem is null ? converted.Json ?? element.GetRawText() : null;
    }
}
