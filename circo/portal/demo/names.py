"""Names to draw from: first and last names found in French schools today. Any likeness of a pair is chance."""

FIRST_NAMES = """
Adèle Agnès Aïcha Alexandre Alice Aline Amélie Anaïs André Anissa Antoine Arnaud Assia Aurélie Aurore Awa
Baptiste Béatrice Benjamin Benoît Camille Carole Caroline Catarina Cécile Cédric Céline Charlotte Christelle
Claire Clément Coralie Cyril Damien Delphine Diane Dominique Édouard Élise Élodie Émeline Emmanuelle Emre
Estelle Eva Fabien Fanny Farid Fatou Fatima Florence Florian François Gaëlle Geoffroy Guillaume Gwenaëlle
Hakim Hanane Hugo Ibrahima Ilan Ioana Jean-Marc Jeanne Jérémie Jérôme Joana Jonathan Julie Julien Justine
Kamel Karine Kévin Khadija Laëtitia Laure Laurent Leïla Léa Lina Linh Loïc Louise Lucie Ludovic Maëlle
Malika Manon Marc Margaux Mariama Marianne Marie Marion Mathilde Matthieu Maud Mélanie Mélissa Mehdi
Mireille Mohamed Moussa Myriam Nabil Nadia Nathalie Nicolas Noémie Nora Océane Odile Olivier Ousmane Pascale
Patrick Pauline Paulo Pierre Priscilla Quentin Rachel Rachida Raphaël Rémi Richard Romain Rosalie Sabrina
Salima Samira Samuel Sandrine Sarah Sébastien Séverine Simon Solène Sonia Stéphane Sylvain Tania Théo Thomas
Valérie Vincent Virginie Wassim Xavier Yann Yasmina Youssef Zoé
""".split()  # noqa: SIM905 (one name a word reads better)

LAST_NAMES = """
Abbas Adam Almeida Amrani Andrieu Aubert Auger Ba Baudry Bayram Bazin Bélanger Belkacem Benamar Berger
Bernier Berthelot Besnard Bidault Blanchard Boivin Bonnin Bouchet Boulanger Bourdon Boutin Brasseur Briand
Brossard Brunet Camara Carlier Carpentier Carvalho Caron Chapelle Charpentier Chevallier Cissé Clavel Coppin
Cordier Costa Coulibaly Cousin Crépin Dacosta Delahaye Delarue Delattre Demir Deschamps Desmarets Diarra
Diop Doucet Dubreuil Duchesne Dumoulin Dupuis Duquesne Durieux El-Amri Esnault Fabre Fauvel Ferrand Fofana
Fournier Fréret Galland Gauthier Gicquel Godard Gomes Gosselin Gouel Grandin Grenier Guérin Guilbert Hamdi
Hamel Haddou Hébert Hervieu Heurtaux Horvath Huet Husson Ivanov Jacquet Jamet Jouan Jourdain Kaya Keita
Kermarrec Khelifi Konaté Labbé Lacroix Lainé Lambert Langlois Laplace Larcher Lebrun Leclerc Lecoq Lefort
Legendre Legrand Lelièvre Lemaire Lemoine Lenormand Leroux Lesage Letellier Levasseur Lopes Louvel Lucas
Mabrouk Maillard Mallet Mansouri Marais Marchal Marie Martel Masson Maurel Mendes Ménard Mercier Meziane
Monnier Montier Morel Morin Moulin Ndiaye Nicolle Noël Novak Ollivier Osman Ouattara Ozturk Pacheco Paumier
Pelletier Pereira Perrier Pham Picard Pinel Popescu Poulain Prévost Prieur Quesnel Rahmani Ramos Raoult
Rebours Renard Renaud Ribeiro Richer Rigaud Robin Rochette Rousselin Roy Sanchez Saunier Savary Schmitt
Sidibé Silva Simonet Soares Soler Sow Tanguy Tellier Tessier Thibault Thierry Touati Traoré Tremblay Turpin
Vallée Varin Vasseur Vautier Verdier Vidal Vigneron Vo Weber Yilmaz Zaidi Zimmermann
""".split()  # noqa: SIM905 (one name a word reads better)
