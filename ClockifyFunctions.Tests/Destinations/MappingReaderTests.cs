using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Destinations;

/// <summary>The members that a mapping may have, and the problems of an invalid mapping.</summary>
public sealed class MappingReaderTests
{
    private const string Entry = """{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"mapping":""";
    private const string Manual = """{"credential":"default","method":"POST","url":"https://api.clockify.me/x","mapping":""";

    [Theory]
    [InlineData("""{"start":"Start"}""")]
    [InlineData("""{"start":{"value":"2026-07-10T05:30:00Z"}}""")]
    [InlineData("""{"start":{"from":"Start","format":"dd.MM.yyyy HH:mm"}}""")]
    [InlineData("""{"start":{"date":"Day","time":"From","format":"dd.MM.yyyy HH:mm"}}""")]
    [InlineData("""{"start":{"from":"Day","at":"09:00"}}""")]
    [InlineData("""{"start":{"from":"Day","format":"dd.MM.yyyy","at":"09:00"}}""")]
    [InlineData("""{"duration":{"from":"Minutes","unit":"minutes"}}""")]
    [InlineData("""{"tagIds":{"from":"Tags","split":","}}""")]
    [InlineData("""{"customFields":{"value":[]}}""")]
    public void AMappingNamesTheSourceAndTheFormatOfAValue(string mapping) => Assert.Empty(Written.Problems(Entry + mapping + "}"));

    [Theory]
    [InlineData("""{"when":{"from":"Day","type":"date"}}""")]
    [InlineData("""{"when":{"date":"Day","time":"From"}}""")]
    [InlineData("""{"labels":{"from":"Tags","split":";"}}""")]
    [InlineData("""{"price":{"from":"Preis","type":"number","culture":"de"}}""")]
    [InlineData("""{"when":{"from":"Tag","format":"d. MMMM yyyy HH:mm","culture":"de"}}""")]
    [InlineData("""{"took":{"from":"Hours","unit":"minutes"}}""")]
    [InlineData("""{"took":{"from":"Hours","type":"duration"}}""")]
    public void AManualMappingNeedsATypeOrAnOptionOfAType(string mapping) => Assert.Empty(Written.Problems(Manual + mapping + "}"));

    [Theory]
    [InlineData("""{"start":{"from":"Start","forma":"x"}}""", "$.mapping.start.forma", "is unknown; use from, format, date, time, at, unit, culture, split, or value alone")]
    [InlineData("""{"start":{"from":"Start","value":1}}""", "$.mapping.start.value", "is unknown")]
    [InlineData("""{"start":{"from":"Start","date":"Day"}}""", "$.mapping.start", "names no attribute, or two")]
    [InlineData("""{"start":{"format":"dd.MM.yyyy HH:mm"}}""", "$.mapping.start", "names no attribute, or two")]
    [InlineData("""{"start":{"from":"Start","time":"From"}}""", "$.mapping.start.time", "belongs to date")]
    [InlineData("""{"start":{"date":"Day","time":"From","at":"09:00"}}""", "$.mapping.start.at", "leave one of the two out")]
    [InlineData("""{"start":{"from":"Start","format":"dd.MM.yyyy"}}""", "$.mapping.start.format", "has no time of day")]
    [InlineData("""{"start":{"from":"Start","format":"dd.MM.yyyy HH:mm","at":"09:00"}}""", "$.mapping.start.at", "leave one of the two out")]
    [InlineData("""{"start":{"from":"Start","format":"dd.mm.yyyy HH:MM"}}""", "$.mapping.start.format", "months are MM")]
    [InlineData("""{"start":{"from":"Start","at":"9"}}""", "$.mapping.start.at", "is not a time of day")]
    [InlineData("""{"start":{"from":"..","at":"09:00"}}""", "$.mapping.start.from", "names no attribute")]
    [InlineData("""{"start":{"from":"Start","split":","}}""", "$.mapping.start.split", "is for texts, ids, emails, choices, and 'start' is dateTime")]
    [InlineData("""{"tagIds":{"from":"Tags","split":""}}""", "$.mapping.tagIds.split", "is not a separator")]
    [InlineData("""{"duration":{"from":"Hours","unit":"days"}}""", "$.mapping.duration.unit", "use hours, minutes or seconds")]
    [InlineData("""{"start":{"from":"Start","type":"date"}}""", "$.mapping.start.type", "is for manual configuration; 'start' of 'Create time entry' is dateTime")]
    [InlineData("""{"start":{"from":"Start","culture":"de"}}""", "$.mapping.start.culture", "add format")]
    [InlineData("""{"start":7}""", "$.mapping.start", "names no attribute")]
    [InlineData("""{"begin":"Start"}""", "$.mapping.begin", "is not a field of 'Create time entry'")]
    public void MeaninglessOptionsAreAProblem(string mapping, string path, string message)
    {
        var problem = Assert.Single(Written.Problems(Entry + mapping + "}"));
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"price":{"from":"Preis","culture":"xx"}}""", "$.mapping.price.culture")]
    [InlineData("""{"price":{"from":"Preis","type":"money"}}""", "$.mapping.price.type")]
    [InlineData("""{"price":{"from":"Preis","type":"number","split":","}}""", "$.mapping.price.split")]
    public void AManualMappingIsCheckedToo(string mapping, string path) => Assert.Equal(path, Assert.Single(Written.Problems(Manual + mapping + "}")).Path);

    [Theory]
    [InlineData(""","unknownAttributes":"warn","timers":true}""", "$.timers,$.unknownAttributes")]
    [InlineData(""","unknownAttributes":"sometimes"}""", "$.unknownAttributes,$.unknownAttributes")]
    public void MembersForEndpointsAreAProblemOfAManualRequest(string rest, string paths) =>
        Assert.Equal(paths, string.Join(',', Written.Problems(Manual + "{}" + rest).Select(problem => problem.Path).Order(StringComparer.Ordinal)));

    [Fact]
    public void TimersAreForEndpointsThatStartThem() =>
        Assert.Contains("createTimeEntry, createTimeEntryForUser, updateTimeEntries, updateTimeEntry", Assert.Single(Written.Problems("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"timers":true}""")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Entry, """{"start":{"from":"Day","at":"09:00"}}""")]
    [InlineData(Manual, """{"start":{"from":"Day","type":"text"}}""")]
    public void OptionsTogetherWithConvertFalseAreAProblem(string config, string mapping) =>
        Assert.Equal("$.mapping.start", Assert.Single(Written.Problems(config + mapping + ""","convert":false}""")).Path);
}
