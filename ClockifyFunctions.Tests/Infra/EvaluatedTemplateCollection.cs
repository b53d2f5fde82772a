namespace ClockifyFunctions.Tests.Infra;

[CollectionDefinition(Name)]
public sealed class EvaluatedTemplateCollection : ICollectionFixture<EvaluatedTemplate>
{
    public const string Name = "evaluated template";
}
