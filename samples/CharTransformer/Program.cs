using CharTransformer;
using Samples;

return Host.Run(CommandLine.Create(Run), args);

static int Run(Settings settings)
{
    settings.Check();
    (string name, string text) = TextSource.Read(settings.Text);
    var corpus = new TextCorpus(text, settings.Batch, settings.Context, settings.Seed);
    RunReport.Start(settings, name, corpus);
    var session = new Session(settings, corpus);
    session.Run();
    RunReport.Finish(session, settings, corpus);
    return 0;
}
