using ClockifyFunctions.Destinations;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.References;

/// <summary>Valid and invalid references in a config, with the reported problems.</summary>
public sealed class ReferenceReaderTests
{
    [Theory]
    [InlineData("""{"sponsor":"S"}""", "$.references.sponsor: is not a reference of 'Create time entry'; it has: client, customFields, project, tags, task.")]
    [InlineData("""{"user":"E-mail"}""", "$.references.user: is not a reference")]
    [InlineData("""{"project":7}""", "$.references.project: names no attribute")]
    [InlineData("""{"project":".a"}""", "$.references.project.from: '.a' names no attribute.")]
    [InlineData("""{"project":{"missing":"create"}}""", "$.references.project.from: is missing")]
    [InlineData("""{"project":{"from":"P","mising":"create"}}""", "$.references.project.mising: is unknown; use from, by, of, within, missing, archived, split, with.")]
    [InlineData("""{"project":{"from":"P","within":"client"}}""", "$.references.project.within: 'client' is not a reference of this destination; add references.client.")]
    [InlineData("""{"client":"C","project":{"from":"P","within":"task"}}""", "$.references.project.within: 'task' is not the parent of a project; write client.")]
    [InlineData("""{"tags":{"from":"T","within":"project"}}""", "$.references.tags.within: has no effect: a tag has no parent.")]
    [InlineData("""{"project":{"from":"P","by":"email"}}""", "$.references.project.by: email is for users")]
    [InlineData("""{"project":{"from":"P","by":"key"}}""", "$.references.project.of: is missing")]
    [InlineData("""{"project":{"from":"P","of":"x"}}""", "$.references.project.of: is for by key.")]
    [InlineData("""{"project":{"from":"P","split":","}}""", "$.references.project.split: is for references that take several names.")]
    [InlineData("""{"tags":{"from":"T","split":""}}""", "$.references.tags.split: is empty")]
    [InlineData("""{"tags":{"from":"T","archived":"use"}}""", "$.references.tags.archived: use is not possible: Clockify refuses an archived tag. Write reject or restore.")]
    [InlineData("""{"customFields":"CC"}""", "$.references.customFields: is not an object")]
    [InlineData("""{"customFields":{"Cost centre":1}}""", "$.references.customFields.Cost centre: names no attribute")]
    [InlineData("""{"customFields":{"Cost centre":{"from":"CC","by":"id"}}}""", "$.references.customFields.Cost centre: has only the members from and split.")]
    [InlineData("""{"project":{"from":"P","with":{"isPublic":false}}}""", "$.references.project.with: is for missing create.")]
    [InlineData("""{"project":{"from":"P","missing":"create","with":{"shape":1}}}""", "$.references.project.with.shape: is not a field of 'Create project'")]
    [InlineData("""{"project":{"from":"P","by":"id","missing":"create"}}""", "$.references.project.missing: create is for references by name.")]
    [InlineData("""{"project":{"from":"P","missing":"later"}}""", "$.references.project.missing: 'later' is unknown; use reject, create or omit.")]
    public void EveryProblemOfAReferenceHasItsRemedy(string references, string expected)
    {
        var problems = Written.Problems(Config("createTimeEntry", references));
        Assert.Contains(problems, problem => problem.ToString().StartsWith(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"user":{"from":"U","missing":"create"}}""", "$.references.user.missing: create is not possible: a name does not make a user.")]
    [InlineData("""{"user":{"from":"U","missing":"omit"}}""", "$.references.user.missing: omit is not possible: the call cannot be addressed without userId. Use reject.")]
    public void OptionsThatAnInputCannotHaveAreReported(string references, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Written.Problems(Config("createTimeEntryForUser", references))).ToString(), StringComparison.Ordinal);

    [Fact]
    public void AllProblemsOfReferencesAreReportedTogether() =>
        Assert.Equal(3, Written.Problems(Config("createTimeEntry", """{"sponsor":"S","project":{"from":"P","of":"x"},"tags":{"from":"T","archived":"use"}}""")).Count);

    [Fact]
    public void AFieldHasOneSource()
    {
        Assert.Contains("both fill projectId", Assert.Single(Written.Problems(Config("createTimeEntry", """{"project":"P"}""", """, "mapping":{"projectId":"p"}"""))).Message, StringComparison.Ordinal);
        Assert.Contains("both say which user is meant", Assert.Single(Written.Problems(Config("createTimeEntryForUser", """{"user":"U"}""", inputs: """, "userId":"5f0b1c2d3e4f5a6b7c8d9e02" """))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ManualRequestsHaveNoReferences() =>
        Assert.Contains("are for endpoints", Assert.Single(Written.Problems("""{"credential":"default","method":"POST","url":"https://api.clockify.me/api/v1/x","references":{"project":"P"}}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void ParentsAreResolvedFirstAndIndependentReferencesLast() =>
        Assert.Equal(
            ["client", "project", "task", "tags", "customFields.Cost centre"],
            Written.Destination(Config("createTimeEntry", """{"tags":"T","task":"A","project":{"from":"P","within":"client"},"client":"C","customFields":{"Cost centre":"CC"}}""")).References.Select(reference => reference.Name));

    [Fact]
    public void AnArchivedObjectIsRejectedByDefaultWhereClockifyRefusesIt()
    {
        var references = Written.Destination(Config("createTimeEntry", """{"tags":"T","project":"P"}""")).References.ToDictionary(reference => reference.Name);
        Assert.Equal((WhenArchived.Reject, WhenArchived.Use), (references["tags"].Archived, references["project"].Archived));
    }

    private static string Config(string endpoint, string references, string more = "", string inputs = "") =>
        $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"{{inputs}}},"references":{{references}}{{more}}}""";
}
