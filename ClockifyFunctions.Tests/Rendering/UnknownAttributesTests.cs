using ClockifyFunctions.Rendering;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

/// <summary>Attributes that Clockify would accept and drop silently.</summary>
public sealed class UnknownAttributesTests
{
    private const string Entry = """{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"}""";
    private const string Times = """ "start":"2026-07-10T05:30:00Z","end":"2026-07-10T06:30:00Z" """;

    [Theory]
    [InlineData("""{"User":"Ada","Start":"2026-07-10","Duration":"1:00"}""", "$.start,$.end,$.User,$.Start,$.Duration")]
    [InlineData("{" + Times + ""","userId":"5f0b1c2d3e4f5a6b7c8d9e02"}""", "$.userId")]
    [InlineData("{" + Times + ""","customFieldValues":[]}""", "$.customFieldValues")]
    [InlineData("{" + Times + ""","customFields":[{"customFieldId":"64a687e29ae1f428e7ebe3a1","value":1,"name":"x"}]}""", "$.customFields[0].name")]
    [InlineData("{" + Times + ""","":1}""", "$.")]
    [InlineData("{" + Times + ""","st\u0061te":1}""", "$.state")]
    [InlineData("{" + Times + "}", "")]
    public void ARecordWithAnUnusedAttributeIsRefusedUnlessTheDestinationAllowsIt(string record, string paths)
    {
        var rejected = RequestRenderer.Render(Written.Destination(Entry + "}"), Some.Json(record), Written.Now);
        Assert.Equal(paths, string.Join(',', rejected.Problems.Select(problem => problem.Path)));
        Assert.Equal(paths.Length == 0, rejected.Request is not null);

        var warned = RequestRenderer.Render(Written.Destination(Entry + ""","unknownAttributes":"warn","timers":true}"""), Some.Json(record), Written.Now);
        Assert.Equal(paths.Replace("$.start,$.end,", "", StringComparison.Ordinal), string.Join(',', warned.Problems.Select(problem => problem.Path)));
        Assert.NotNull(warned.Request);

        var ignored = RequestRenderer.Render(Written.Destination(Entry + ""","unknownAttributes":"ignore","timers":true}"""), Some.Json(record), Written.Now);
        Assert.Empty(ignored.Problems);
    }

    [Theory]
    [InlineData(""","excludeAttributes":["Note","userId","client.name"]""", """ "Note":"x","userId":"u","client":{"name":1} """, "$.client")]
    [InlineData(""","excludeAttributes":["customFields.name"]""", """ "customFields":[{"customFieldId":"64a687e29ae1f428e7ebe3a1","name":"x"}] """, "")]
    [InlineData(""","mapping":{"description":"What"}""", """ "What":"x" """, "")]
    [InlineData(""","mapping":{"description":"work.text"}""", """ "work":{"text":"x"} """, "")]
    [InlineData(""","mapping":{"description":"work.text"}""", """ "work.text":"x" """, "")]
    [InlineData(""","headers":{"X-Source":"{record.source}"}""", """ "source":"crm" """, "")]
    [InlineData(""","unknownAttributes":"reject","validation":"off" """, """ "Note":"x" """, "$.Note")]
    public void AnAttributeInAMappingAHeaderOrAnExclusionIsNotUnknown(string rest, string attributes, string paths) =>
        Assert.Equal(paths, string.Join(',', RequestRenderer.Render(Written.Destination(Entry + rest + "}"), Some.Json($"{{{Times},{attributes}}}"), Written.Now).Problems.Select(problem => problem.Path)));

    [Theory]
    [InlineData("updateTask", ""","projectId":"{record.project.id}" """, """{"id":"64a687e29ae1f428e7ebe3a1","project":{"id":"64a687e29ae1f428e7ebe3a2"},"name":"n"}""", "")]
    [InlineData("updateTask", ""","projectId":"64a687e29ae1f428e7ebe3a2" """, """{"id":"64a687e29ae1f428e7ebe3a1","projectId":"64a687e29ae1f428e7ebe3a3","name":"n"}""", "$.projectId")]
    [InlineData("createTimeEntryForUser", "", "{" + Times + ""","userId":"64a687e29ae1f428e7ebe3a1"}""", "")]
    [InlineData("deleteTag", "", """{"id":"64a687e29ae1f428e7ebe3a1","name":"n","note":"x"}""", "")]
    public void AttributesInThePathAreKnownAndACallWithoutABodyDropsNothing(string endpoint, string inputs, string record, string paths) =>
        Assert.Equal(paths, string.Join(',', RequestRenderer.Render(Written.Destination($$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"{{inputs}}} }"""), Some.Json(record), Written.Now).Problems.Select(problem => problem.Path)));

    [Theory]
    [InlineData("userId", "would be dropped by Clockify. Clockify writes the entry for the key's owner; use createTimeEntryForUser. If it is not needed, leave it out with excludeAttributes.")]
    [InlineData("Description", "matches no field of 'Create time entry', which has 'description'; map it to a field, or leave it out with excludeAttributes.")]
    [InlineData("project id", "which has 'projectId'")]
    [InlineData("Amount", "matches no field of 'Create time entry'; map it to a field")]
    public void TheMessageContainsTheRemedy(string name, string message) =>
        Assert.Contains(message, Assert.Single(Written.Refusals(Entry + "}", $$"""{{{Times}},"{{name}}":"x"}""")), StringComparison.Ordinal);

    [Theory]
    [InlineData("createTimeEntry", "{}", "$.start,$.end")]
    [InlineData("createTimeEntry", """{"start":"2026-07-10T05:30:00Z"}""", "$.end")]
    [InlineData("createTimeEntry", """{"start":"2026-07-10T05:30:00Z","end":null}""", "$.end")]
    [InlineData("createTimeEntry", """{"end":"2026-07-10T05:30:00Z"}""", "$.start")]
    [InlineData("createTimeEntryForUser", """{"userId":"64a687e29ae1f428e7ebe3a1","start":"2026-07-10T05:30:00Z"}""", "$.end")]
    [InlineData("updateTimeEntry", """{"id":"64a687e29ae1f428e7ebe3a1","start":"2026-07-10T05:30:00Z"}""", "$.end")]
    public void AnEntryWithoutAnEndIsRefusedUnlessTimersAreAllowed(string endpoint, string record, string paths)
    {
        var config = $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"}""";
        var refused = RequestRenderer.Render(Written.Destination(config + "}"), Some.Json(record), Written.Now);
        Assert.Null(refused.Request);
        Assert.Equal(paths, string.Join(',', refused.Problems.Select(problem => problem.Path)));
        Assert.NotNull(RequestRenderer.Render(Written.Destination(config + ""","timers":true}"""), Some.Json(record), Written.Now).Request);
    }

    [Fact]
    public void AMergeKeepsTheEndOfTheEntry() => Assert.NotNull(RequestRenderer.Render(
        Written.Destination("""{"credential":"default","endpoint":"updateTimeEntry","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"updateMode":"merge"}"""),
        Some.Json("""{"id":"64a687e29ae1f428e7ebe3a1","description":"n"}"""), Written.Now).Request);
}
