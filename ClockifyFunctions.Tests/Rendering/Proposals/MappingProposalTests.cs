using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClockifyFunctions.Api;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Rendering.Proposals;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Tests.Rendering.Proposals;

public sealed class MappingProposalTests
{
    private const string ForUser = "createTimeEntryForUser";

    [Fact]
    public void TheProposedMappingOfTheAgencyFileEqualsThatOfItsDestination()
    {
        var proposal = Propose(ForUser, Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(Repository.Agency, "time-entries.csv"))[Encoding.UTF8.GetPreamble().Length..]), hasKey: true);
        var destination = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Agency, "destination.json")))!;
        AssertEqual(destination["mapping"]!.ToJsonString(), proposal.Mapping);
        // A person decides whether missing tasks and tags are created.
        AssertEqual("""{"user":"E-mail","client":"Client","project":{"from":"Project","within":"client"},"task":"Task","tags":{"from":"Labels","split":","}}""", proposal.References);
        Assert.Equal((string?)destination["key"], proposal.Key);
        Assert.Empty(proposal.LeftOver);
        Assert.Empty(proposal.Missing);
        Assert.Empty(proposal.Questions);
    }

    [Theory]
    [InlineData("Datum;Von;Dauer;Kunde;Projekt;Beschreibung;Abrechenbar;E-Mail\n02.03.2026;09:15;1,5;ACME;App;x;ja;a@b.c",
        """{"start":{"date":"Datum","time":"Von","format":"dd.MM.yyyy HH:mm"},"duration":"Dauer","description":"Beschreibung","billable":"Abrechenbar"}""",
        """{"user":"E-Mail","client":"Kunde","project":{"from":"Projekt","within":"client"}}""")]
    [InlineData("User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\nAnn,a@b.c,ACME,App,Dev,x,Yes,2026-03-02,09:15:00,2026-03-02,10:15:00,01:00:00,\"a, b\"",
        """{"start":{"date":"Start date","time":"Start time"},"end":{"date":"End date","time":"End time"},"duration":"Duration","description":"Description","billable":"Billable"}""",
        """{"user":"Email","client":"Client","project":{"from":"Project","within":"client"},"task":"Task","tags":{"from":"Tags","split":","}}""")]
    [InlineData("Date,Client,Project,Task,Notes,Hours,Employee\n2026-03-02,ACME,App,Dev,x,1.5,a@b.c",
        """{"start":{"from":"Date","at":"09:00"},"duration":"Hours","description":"Notes"}""",
        """{"user":"Employee","client":"Client","project":{"from":"Project","within":"client"},"task":"Task"}""")]
    [InlineData("Jour;De;À;Projet;Tâche;Commentaire;Facturable;Courriel\n02/03/2026;9:15;9:45;App;Dev;x;oui;a@b.c\n25/03/2026;9:15;10:15;App;Dev;x;non;a@b.c",
        """{"start":{"date":"Jour","time":"De","format":"dd/MM/yyyy H:mm"},"end":{"date":"Jour","time":"À","format":"dd/MM/yyyy H:mm"},"description":"Commentaire","billable":"Facturable"}""",
        """{"user":"Courriel","project":"Projet","task":"Tâche"}""")]
    [InlineData("id,start,end\n1,2026-03-02T09:15:00Z,2026-03-02T10:15:00Z", "{}", "{}")]
    [InlineData("start,end,description,userId\n2026-03-02T09:15:00Z,2026-03-02T10:15:00Z,x,5f0b1c2d3e4f5a6b7c8d9e01", "{}", "{}")]
    [InlineData("Start,Ende,Tag\n02.03.2026 09:15,02.03.2026 10:15,x", """{"start":{"from":"Start","format":"dd.MM.yyyy HH:mm"},"end":{"from":"Ende","format":"dd.MM.yyyy HH:mm"}}""", """{"tags":"Tag"}""")]
    [InlineData("Tag,von,bis\n02.03.2026,09:15,10:15", """{"start":{"date":"Tag","time":"von","format":"dd.MM.yyyy HH:mm"},"end":{"date":"Tag","time":"bis","format":"dd.MM.yyyy HH:mm"}}""", "{}")]
    [InlineData("Start_Time,END-TIME,Projekt (intern)\n2026-03-02T09:15:00Z,2026-03-02T10:15:00Z,App", """{"start":"Start_Time","end":"END-TIME"}""", """{"project":"Projekt (intern)"}""")]
    public void ColumnsAreProposedByTheirNamesAndValues(string csv, string mapping, string references)
    {
        var proposal = Propose(ForUser, csv);
        AssertEqual(mapping, proposal.Mapping);
        AssertEqual(references, proposal.References);
    }

    [Theory]
    [InlineData("createProject", "Projekt,Kunde,Farbe\nApp,ACME,#FF0000", """{"name":"Projekt","color":"Farbe"}""", """{"client":"Kunde"}""")]
    [InlineData("createClient", "Kundenname,Adresse,E-Mail\nACME,Road 1,a@b.c", """{"name":"Kundenname","address":"Adresse","email":"E-Mail"}""", "{}")]
    [InlineData("createTag", "Label\nx", """{"name":"Label"}""", "{}")]
    public void AColumnWithTheKindOfAnObjectIsProposedAsItsName(string endpoint, string csv, string mapping, string references)
    {
        var proposal = Propose(endpoint, csv);
        AssertEqual(mapping, proposal.Mapping);
        AssertEqual(references, proposal.References);
        Assert.Empty(proposal.LeftOver);
    }

    [Fact]
    public void AttributesWithoutATargetAndMissingRequiredFieldsAreReported()
    {
        var proposal = Propose(ForUser, "Nr,Description,Invoice total\n1,x,5");
        Assert.Equal(["Nr", "Invoice total"], proposal.LeftOver);
        Assert.Equal(["start", "end"], proposal.Missing);
        Assert.Empty(Propose(ForUser, "Start,Hours\n2026-03-02T09:15:00Z,1").Missing);
    }

    [Theory]
    [InlineData("Hours\nmany", "Hours")] // Not a duration.
    [InlineData("Billable\nperhaps", "Billable")]
    [InlineData("Start\nyesterday", "Start")]
    public void AColumnWithUnsuitableValuesHasNoTarget(string csv, string attribute) => Assert.Equal([attribute], Propose(ForUser, csv).LeftOver);

    [Fact]
    public void AFewWrongValuesDoNotChangeTheProposal()
    {
        var csv = $"Hours\n{string.Concat(Enumerable.Repeat("1:30\n", 20))}n/a\n";
        Assert.Equal("Hours", (string?)Propose(ForUser, csv).Mapping["duration"]);
    }

    [Fact]
    public void DayAndMonthAreNeverGuessed()
    {
        var proposal = Propose(ForUser, "Date,From,Hours\n03/04/2026,09:00,1");
        AssertEqual("""{"start":{"date":"Date","time":"From"},"duration":"Hours"}""", proposal.Mapping);
        Assert.StartsWith("Date: '03/04/2026' can be read with the day or the month first", Assert.Single(proposal.Questions), StringComparison.Ordinal);
    }

    [Fact]
    public void TheChoicesOfAPersonTakePrecedence()
    {
        var choices = new Dictionary<string, string> { ["Note"] = "exclude", ["Text"] = "mapping.description", ["Start"] = "" };
        var proposal = Propose(ForUser, "Start,Note,Text,Description\n2026-03-02T09:15:00Z,a,b,c", choices: choices);
        AssertEqual("""{"description":"Text"}""", proposal.Mapping);
        Assert.Equal(["Note"], proposal.Exclude);
        Assert.Equal(["Start", "Description"], proposal.LeftOver);
    }

    [Theory]
    [InlineData("E-Mail", "email")]
    [InlineData("Start_time", "starttime")]
    [InlineData("  Größe (cm)", "größecm")]
    [InlineData("Gro\u0308ße", "größe")]
    public void CaseSpacesAndPunctuationDoNotCount(string header, string compact) => Assert.Equal(compact, HeaderWords.Compact(header));

    [Theory]
    [InlineData("startTime", "start time")]
    [InlineData("Start-Time (UTC)", "start time utc")]
    [InlineData("ID", "id")]
    public void AHeaderIsSplitIntoWords(string header, string words) => Assert.Equal(words.Split(' '), HeaderWords.Split(header));

    private static MappingProposal Propose(string endpoint, string csv, bool hasKey = false, Dictionary<string, string>? choices = null)
    {
        var problems = new ProblemList();
        var records = CsvRecords.Read(Encoding.UTF8.GetBytes(csv), problems, TestContext.Current.CancellationToken).Select(record => JsonElement.Parse(record.Span));
        Assert.Empty(problems);
        var template = EndpointTemplate.Find(endpoint)!;
        return MappingProposal.Of(SampleColumn.Of(records), template, MappingTargets.Of(template, hasKey), choices ?? []);
    }

    private static void AssertEqual(string expected, JsonNode actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());
}
